// Unicode normal forms at a cost that follows the length. Programs put a run of marks in order by insertion, which takes the square of
// its length: 20,000 marks in turn above and below a letter take half a second, and a megabyte of them hours.

/** A run of more marks than any spelling has. */
const LONG_RUN = /\p{M}{65}/u;
const WINDOW = 512;
/** Units of UTF-16 in two characters. */
const PAIR = 4;

/**
 * Whether a text is in normal form C. Marks in a wrong order are found within pieces of the text, each two neighbours in one of
 * them: a part of a text in normal form is in normal form. What is left is in order, and put together in one pass.
 */
export function isNormal(text: string): boolean {
  if (LONG_RUN.test(text))
    for (let at = 0; at < text.length; at += WINDOW) {
      const piece = text.slice(at, at + WINDOW + PAIR);
      if (piece !== piece.normalize('NFC')) return false;
    }
  return text === text.normalize('NFC');
}

/** A text in a normal form; one with a run of marks that no spelling has, as it is. */
export function toNormal(text: string, form: 'NFC' | 'NFD' = 'NFC'): string {
  return LONG_RUN.test(text) ? text : text.normalize(form);
}
