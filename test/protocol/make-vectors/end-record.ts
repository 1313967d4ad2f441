import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { createLineHash } from '#lib/protocol/record/writer.ts';
import { PLATFORM_SEED } from '#test/support/world.ts';

export type Line = Record<string, Json>;

export function readLine(text: string): Line {
  return JSON.parse(text) as Line;
}

/** The same lines under a new `end`, as a dishonest platform makes it: by its own key, over what now stands there. */
export function endAgain(lines: readonly string[], change: Line = {}, seed: Uint8Array = PLATFORM_SEED): string[] {
  const last = lines.at(-1);
  if (!last?.includes('"type":"end"')) return [...lines];
  const { signature: _, ...body } = readLine(last);
  const hash = createLineHash();
  for (const line of lines.slice(0, -1)) hash.add(line);
  return [...lines.slice(0, -1), canonicalJson(signMessage('end', { ...body, ...hash.state(), ...change }, seed) as unknown as Json)];
}

/** What to do to a file: at `line` (from 1, of the file as it was) take `remove` lines away and put `insert` there. */
export type Edit = { line: number; remove: number; insert: string[] };

/** The fewest edits that lead from one file to another. Applied from the last to the first, their line numbers hold. */
export function findEdits(before: readonly string[], after: readonly string[]): Edit[] {
  const common = longestCommon(before, after);
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...common, [before.length, after.length] as const]) {
    if (nextI > i || nextJ > j) edits.push({ line: i + 1, remove: nextI - i, insert: after.slice(j, nextJ) });
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return edits;
}

export function applyEdits(lines: readonly string[], edits: readonly Edit[]): string[] {
  const result = [...lines];
  for (const { line, remove, insert } of [...edits].reverse()) result.splice(line - 1, remove, ...insert);
  return result;
}

/** Pairs of equal lines, rising in both files, as many as there can be. */
function longestCommon(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const length = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => (length[i] as number[])[j] as number;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (length[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
