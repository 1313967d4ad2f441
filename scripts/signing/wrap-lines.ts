// How long lines stand in a terminal: it would break them itself, and what comes after could be taken for a line of ours. SPEC §5.6

/** Characters that a terminal shows over the one before, or not at all. */
const OVER = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
/** Those that take two columns; rather too many, since a line that is broken early harms nobody. */
const WIDE =
  /[\u1100-\u115f\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2600-\u27bf\u2b00-\u2bff\u2e80-\u303f\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d37f}\u{1f000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const TAB_COLUMNS = 8;
/** The sign in front counts twice where a terminal takes it for a wide one, and some break at the last column itself. */
const SPARE = 2;
const FEWEST = 8;

function columnsOf(char: string): number {
  if (char === '\t') return TAB_COLUMNS;
  if (OVER.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** The columns that a text takes in a terminal at the most. */
export function measureColumns(text: string): number {
  return [...text].reduce((sum, char) => sum + columnsOf(char), 0);
}

/**
 * A text with a sign in front of each of its lines, those included that it is broken into where a terminal has fewer columns: after a space
 * if there is one, and never before a mark that belongs to the letter before it. Nothing of the text is left out.
 * @param columns of the terminal; undefined for a file or a program, which gets the lines as they are
 * @param first in front of a line of the text @param next in front of what goes on from the line above
 */
export function wrapLines(text: string, columns: number | undefined, first: string, next: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (columns === undefined) return [`${first}${line}`];
      const room = Math.max(FEWEST, columns - SPARE - Math.max(measureColumns(first), measureColumns(next)));
      return breakLine(line, room).map((part, i) => `${i === 0 ? first : next}${part}`);
    })
    .join('\n');
}

function breakLine(line: string, room: number): string[] {
  const parts: string[] = [];
  let part = '';
  let taken = 0;
  for (const char of line) {
    const columns = columnsOf(char);
    while (taken + columns > room && columns > 0 && part !== '') {
      const space = part.lastIndexOf(' ') + 1;
      const rest = space > 0 ? part.slice(space) : '';
      parts.push(part.slice(0, part.length - rest.length));
      part = rest;
      taken = measureColumns(rest);
    }
    part += char;
    taken += columns;
  }
  return [...parts, part];
}
