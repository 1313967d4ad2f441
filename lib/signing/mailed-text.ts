// What mail programs, messengers and people do to a link, undone: links of statements and invitations are read by this alone.

/** Characters that leave no mark: zero-width spaces and joiners, soft hyphens, marks of direction, byte order marks. */
const UNSEEN = /\p{Cf}|\u034f/gu;
/** The same where a program has written them out, for HTML or in quoted-printable. */
const UNSEEN_WRITTEN =
  /&(?:shy|zwn?j|lrm|rlm|ZeroWidthSpace|NoBreak|#0*(?:173|820[3-7]|8288|65279)|#x0*(?:ad|200[b-f]|2060|feff));|<wbr *\/?>|=C2=AD|=E2=80=8[B-F]|=E2=81=A0|=EF=BB=BF/gi;
/** A line that quoted-printable broke, and one that was broken and perhaps quoted (`> `) by whoever answered. */
const SOFT_BREAK = /=\r?\n/g;
/** A `#` that quoted-printable wrote out, before what stands behind one in a link: elsewhere it is the 23 of some tracking. */
const ESCAPED_HASH = /=23(?=[0-9a-f]{24}|eyJ)/gi;
const LINE_BREAK = /[ \t]*[\r\n\u2028\u2029][\s>|]*/g;
const SPACES = /[^\S\n]+/g;
/** What may stand before a link or its end: opening brackets and quotation marks, and signs of emphasis. */
const OPENING = /^[\s<([{"'“”‘’«»‹›„‚*`:=]+/u;
/** How often an address is found to have been escaped again on its way. */
const ROUNDS = 3;
/** Beyond this no link goes on. */
const LONGEST = 8_192;
const MOST_PIECES = 200;

/** The text as it was before it was escaped and broken up. A line break stays as one line feed, other white space as one space. */
export function undoMail(text: string): string {
  let plain = text.slice(0, LONGEST);
  for (let round = 0; round < ROUNDS; round++) plain = undoEscapes(plain);
  return plain
    .replaceAll('&amp;', '&')
    .replaceAll(/&#(?:0*35|x0*23);|&num;/gi, '#')
    .replace(SOFT_BREAK, '')
    .replace(UNSEEN_WRITTEN, '')
    .replace(ESCAPED_HASH, '#')
    .replaceAll('=3D', '=')
    .replace(UNSEEN, '')
    .replace(LINE_BREAK, '\n')
    .replace(SPACES, ' ');
}

/** Undoes percent escapes, those that make sense. */
function undoEscapes(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

/** A run of letters, and what separates it from the run before. */
export type Piece = { text: string; after: '' | '\n' | ' ' };

/**
 * The runs of `letters` with which a text begins, as long as nothing but white space stands between them: a link that was broken
 * into lines, or one that words follow, which only the reader of the whole can tell apart.
 */
export function piecesOf(text: string, letters: RegExp): Piece[] {
  const run = new RegExp(`([\\s]?)\\s*(${letters.source}+)`, 'y');
  const plain = text.replace(OPENING, '');
  const pieces: Piece[] = [];
  for (let found = run.exec(plain); found && pieces.length < MOST_PIECES; found = run.exec(plain))
    pieces.push({ text: found[2] as string, after: found[1] as Piece['after'] });
  return pieces;
}
