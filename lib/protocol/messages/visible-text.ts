// SPEC §3.5, §5.3: what more is asked of a name before it is attested, and of the texts of a statement before it is opened
import { toNormal } from './normal-form.ts';

/** Characters that leave no mark of their own, wherever they stand. */
const UNSEEN =
  /[\u034f\u00ad\u115f\u1160\u17b4\u17b5\u200b\u2060-\u206f\ufff0-\ufffb\u{13430}-\u{13442}\u{16fe4}\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/u;
/** Private use, what Unicode will never assign, and the two characters that stand in place of another: none shows what was meant. */
const UNAGREED =
  /[\ue000-\uf8ff\ufdd0-\ufdef\ufffc-\uffff\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{3fffe}\u{3ffff}\u{4fffe}\u{4ffff}\u{5fffe}\u{5ffff}\u{6fffe}\u{6ffff}\u{7fffe}\u{7ffff}\u{8fffe}\u{8ffff}\u{9fffe}\u{9ffff}\u{afffe}\u{affff}\u{bfffe}\u{bffff}\u{cfffe}\u{cffff}\u{dfffe}\u{dffff}\u{efffe}-\u{10ffff}]/u;
/** Spaces, and letters that look like one. */
const ODD_SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]/u;
/** Marks, overrides, embeddings and isolates, all of them. SPEC §3.1 keeps them out of names altogether. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const NON_JOINER = '\u200c';
const JOINER = '\u200d';
/** Canonical combining class 9, which a character keeps for ever. */
const VIRAMA =
  /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1715\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed\u{10a3f}\u{11046}\u{11070}\u{1107f}\u{110b9}\u{11133}\u{11134}\u{111c0}\u{11235}\u{112ea}\u{1134d}\u{113ce}-\u{113d0}\u{11442}\u{114c2}\u{115bf}\u{1163f}\u{116b6}\u{1172b}\u{11839}\u{1193d}\u{1193e}\u{119e0}\u{11a34}\u{11a47}\u{11a99}\u{11c3f}\u{11d44}\u{11d45}\u{11d97}\u{11f41}\u{11f42}\u{1612f}]/u;
/** Letters and marks of scripts whose letters take hold of each other: Arabic, Syriac, N’Ko, Mandaic, Mongolian, Rohingya, Adlam. */
const CURSIVE =
  /[\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0710-\u077f\u07ca-\u07f5\u0840-\u08ff\u1807\u1820-\u18aa\u{10d00}-\u{10d27}\u{1e900}-\u{1e94b}]/u;
const MONGOLIAN = /[\u1820-\u18aa]/u;
const MONGOLIAN_VARIANT = /[\u180b-\u180d\u180f]/u;
const MONGOLIAN_SEPARATOR = '\u180e';
const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const HAN_VARIANT = /[\u{e0100}-\u{e01ef}]/u;
const STYLE_VARIANT = /[\ufe00-\ufe0f]/u;
/** Marks that are drawn over or under whatever stands before them, in any script. */
const LOOSE_MARK = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/u;
/** Marks of any script that are drawn over, under or across a letter: in a row they cover the lines around it. */
const STACKED_MARK = /[\p{Mn}\p{Me}]/u;
const MOST_STACKED_MARKS = 8;
const ONE_MARK_TOO_MANY = 'one mark too many on a letter';

/**
 * Why a name that can be read (SPEC §3.1) must not be attested: it holds what nobody sees, so that two names could look the
 * same, what does not look the same everywhere, or marks that cover what stands around it. The joiners and variants that real
 * spellings need are allowed where they act. The table is fixed; only what is a mark grows with Unicode. Letters that look alike
 * in two scripts are not refused. SPEC §3.5.
 * @returns the rest of a sentence that begins with “the name”, or null
 */
export function findUnseen(name: string): string | null {
  const chars = [...name];
  if (LOOSE_MARK.test(chars[0] ?? '')) return 'begins with a mark that belongs on a letter';
  let marks = 0;
  for (const [i, char] of chars.entries()) {
    marks = STACKED_MARK.test(char) ? marks + 1 : 0;
    const reason = marks > MOST_STACKED_MARKS ? ONE_MARK_TOO_MANY : reasonAgainst(char, chars[i - 1] ?? '', chars[i + 1] ?? '');
    if (reason !== null) return `holds ${codePoint(char)}, ${reason}`;
  }
  return null;
}

function reasonAgainst(char: string, before: string, after: string): string | null {
  if (UNSEEN.test(char) || STYLE_VARIANT.test(char)) return 'which nobody can see';
  if (UNAGREED.test(char)) return 'which does not look the same everywhere';
  if (ODD_SPACE.test(char)) return 'a space other than the ordinary one';
  if (char === ' ' && before === ' ') return 'a space after another';
  return isInPlace(char, before, after) ? null : 'which nobody can see at this place';
}

/** Whether a character that only acts on its neighbours has the neighbours that it acts on; true of all other characters. */
function isInPlace(char: string, before: string, after: string): boolean {
  if (char === NON_JOINER) return isBesideVirama(before, after) || (CURSIVE.test(before) && CURSIVE.test(after));
  if (char === JOINER) return isBesideVirama(before, after) || (CURSIVE.test(before) && !CURSIVE.test(after));
  if (HAN_VARIANT.test(char)) return HAN.test(before);
  if (MONGOLIAN_VARIANT.test(char)) return MONGOLIAN.test(before);
  if (char === MONGOLIAN_SEPARATOR) return (MONGOLIAN.test(before) || MONGOLIAN_VARIANT.test(before)) && MONGOLIAN.test(after);
  return true;
}

function isBesideVirama(before: string, after: string): boolean {
  return VIRAMA.test(before) || (VIRAMA.test(after) && !['', ' ', NON_JOINER, JOINER].includes(before));
}

/**
 * Line and paragraph separator, which programs break lines at or not as they please; marks of direction, of which a single one turns
 * round the numbers and words beside it; and what reaches further.
 */
const REARRANGING = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
/** A joiner or variant after one of these acts on nothing. Digits and the like take variants: they are the beginning of a keycap. */
const UNMOVED = /[\s A-Za-z]/u;
const MOST_MODIFIERS = 2;
/** Every character that is worth a closer look: most texts have none. */
const SUSPECTS = [UNSEEN, UNAGREED, REARRANGING, STACKED_MARK, STYLE_VARIANT, HAN_VARIANT, MONGOLIAN_VARIANT];
const SUSPECT = new RegExp([...SUSPECTS.map(({ source }) => source), NON_JOINER, JOINER, MONGOLIAN_SEPARATOR].join('|'), 'u');

/**
 * Why a text must not stand in a new statement, be it a title, a body, or the name or contact of a trustee: it holds what nobody
 * sees, or what rearranges or covers what stands around it. Spaces are left to the author, and joiners and variants too where they
 * can act. SPEC §5.3.
 * @returns the rest of a sentence that begins with “the title” or the like, or null
 */
export function findDeceptive(text: string): string | null {
  if (lookOf(text) === '') return 'shows nothing';
  for (const [char, reason] of judgeCharacters(text)) if (reason !== null) return `holds ${codePoint(char)}, ${reason}`;
  return null;
}

/**
 * A text with each character that `findDeceptive` objects to written out, as ‹U+202E›: so that nothing of an older statement, or
 * of one from elsewhere, is signed unseen. What it says is the same on pages and in terminals. SPEC §5.6.
 * @returns `unseen`, how many characters are written out
 */
export function writeOutUnseen(text: string): { text: string; unseen: number } {
  let shown = '';
  let unseen = 0;
  for (const [char, reason] of judgeCharacters(text)) {
    shown += reason === null ? char : `‹${codePoint(char)}›`;
    if (reason !== null) unseen += 1;
  }
  return { text: shown, unseen };
}

/** Each character of a text with what speaks against it, in one pass; a text without anything suspect comes whole. */
function* judgeCharacters(text: string): Generator<[char: string, reason: string | null]> {
  if (!SUSPECT.test(text)) return yield [text, null];
  let before = ' ';
  let modifiers = 0;
  let marks = 0;
  for (const char of text) {
    const acts = isModifier(char);
    modifiers = acts ? modifiers + 1 : 0;
    marks = STACKED_MARK.test(char) ? marks + 1 : 0;
    if (REARRANGING.test(char)) yield [char, 'which rearranges the text around it'];
    else if (UNSEEN.test(char)) yield [char, 'which nobody can see'];
    else if (UNAGREED.test(char)) yield [char, 'which does not look the same everywhere'];
    else if (marks > MOST_STACKED_MARKS) yield [char, ONE_MARK_TOO_MANY];
    else if (modifiers > MOST_MODIFIERS || (acts && UNMOVED.test(before))) yield [char, 'which nobody can see at this place'];
    else yield [char, null];
    before = char;
  }
}

/** A name as its issuer will have meant it: normal form C, ordinary spaces, nothing unseen but joiners and variants. It may still be refused. */
export function tidyName(name: string): string {
  const chars = [...stripDirections(name)].filter((char) => char !== '\ufeff' && !UNSEEN.test(char));
  const spaced = chars.map((char) => (ODD_SPACE.test(char) ? ' ' : char)).join('');
  return toNormal(spaced.replace(/ +/g, ' ')).trim();
}

/** What a reader sees of a name: two names are told apart by eye only if these differ. Letters that look alike stay different. SPEC §12.2. */
export function lookOf(name: string): string {
  const seen = [...name].filter((char) => !isModifier(char)); // before the spaces: what stands between two of them is not seen
  return tidyName(seen.join(''));
}

/** The names that look like one before them, each once, in the order of their second standing. SPEC §12.5. */
export function findAlike(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(lookOf(name)).size))];
}

/** Whether a character only acts on its neighbours. */
function isModifier(char: string): boolean {
  const isNamed = [NON_JOINER, JOINER, MONGOLIAN_SEPARATOR].includes(char);
  return isNamed || [MONGOLIAN_VARIANT, HAN_VARIANT, STYLE_VARIANT].some((class_) => class_.test(char));
}

/** Text of a stranger without the characters that would rearrange what stands around it; what a reader sees of it does not change otherwise. */
export function stripDirections(text: string): string {
  return text.replace(DIRECTION, '');
}

/** Text of a stranger where only one line may be: they must not begin one. What nobody could see is written out. */
export function onOneLine(text: string): string {
  const joined = text.replace(/[\t\n\r]+/gu, ' '); // U+2028 and U+2029 are written out
  return writeOutControls(stripDirections(writeOutUnseen(joined).text));
}

/** Text of anybody for a terminal, which obeys control characters: they are written out like what cannot be seen. Line breaks stay. */
export function forTerminal(text: string): string {
  return writeOutControls(writeOutUnseen(text).text.replaceAll('\r\n', '\n'));
}

function writeOutControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, (char) => `‹${codePoint(char)}›`);
}

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}
