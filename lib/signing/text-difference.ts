/** What differs between two texts, for readers of a revised statement. Pure, and of bounded cost whatever the texts are. */

/** A stretch of text that both have, that only the older one has, or only the newer one. */
export type Stretch = { kind: 'both' | 'old' | 'new'; text: string };

/** Above this number of pairs to compare, what lies between the common beginning and end is shown whole, as taken out and put in. */
const MOST_PAIRS = 1_000_000;

/**
 * The stretches of two texts in order, by words and the spaces between them: those of `old` and `both` together are the older text, those
 * of `new` and `both` the newer one. No two of a kind follow each other.
 * @param shares how many comparisons have to share what one may cost
 */
export function compareTexts(older: string, newer: string, shares = 1): Stretch[] {
  const [a, b] = [splitWords(older), splitWords(newer)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [from, to] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const both = (words: readonly string[]): Stretch[] => words.map((text) => ({ kind: 'both', text }));
  return join([...both(a.slice(0, head)), ...compareWords(from, to, MOST_PAIRS / shares), ...both(a.slice(a.length - tail))]);
}

function splitWords(text: string): string[] {
  return text.split(/(\s+)/).filter((word) => word !== '');
}

/** By the longest common subsequence: the textbook table, filled from the end. */
function compareWords(a: readonly string[], b: readonly string[], mostPairs: number): Stretch[] {
  const old = (words: readonly string[]): Stretch[] => words.map((text) => ({ kind: 'old', text }));
  const added = (words: readonly string[]): Stretch[] => words.map((text) => ({ kind: 'new', text }));
  if (a.length * b.length > mostPairs) return [...old(a), ...added(b)];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const stretches: Stretch[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      stretches.push({ kind: 'both', text: a[i] as string });
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) stretches.push({ kind: 'old', text: a[i++] as string });
    else stretches.push({ kind: 'new', text: b[j++] as string });
  }
  return [...stretches, ...old(a.slice(i)), ...added(b.slice(j))];
}

function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const { kind, text } of stretches) {
    const last = joined.at(-1);
    if (last?.kind === kind) last.text += text;
    else joined.push({ kind, text });
  }
  return joined;
}
