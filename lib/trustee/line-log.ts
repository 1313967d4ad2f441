// Files that grow by lines. A line begins with the SHA-256 of what follows, so that one that a crash has torn is known.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Disk } from '#lib/host/disk.ts';
import { canonicalJson, type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, type Shape } from '#lib/protocol/messages/shape.ts';

const HASH_LENGTH = 64;

/**
 * Adds values, a line each, and waits until they are on disk. None is no line.
 * @param shape by which `readLines` will read them
 * @throws Error when it would not take one, and cut it off with all that came after: nothing is added then
 */
export async function appendLines<T>(disk: Disk, name: string, shape: Shape<T>, values: readonly (T & Json)[]): Promise<void> {
  if (!values.every((value) => checkShape(shape, value).ok))
    throw new Error(`The keystore file ${name} was not added to: what was to be written could not be read back.`);
  if (values.length > 0) await disk.append(name, values.map(lineOf).join(''));
}

/**
 * Hands the values of a file to `take`, in order. The first line that is torn, or not taken, is cut off with all after it.
 * @returns whether every line was taken
 * @throws Error for a line that is whole and of another shape: another version of this program knows what it says, so it stays
 */
export async function readLines<T>(
  disk: Disk,
  name: string,
  shape: Shape<T>,
  take: (value: T) => boolean | Promise<boolean>,
): Promise<boolean> {
  const text = (await disk.read(name)) ?? '';
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const json = end < 0 ? null : wholeLine(text.slice(start, end));
    if (json === null || !(await take(parseLine(name, json, shape)))) break;
    start = end + 1;
  }
  if (start === text.length) return true;
  await disk.cut(name, start); // what was written is ASCII, so characters are bytes
  return false;
}

function lineOf(value: Json): string {
  const json = canonicalJson(value);
  return `${hashOf(json)} ${json}\n`;
}

/** The JSON of a line; null for one that is torn. */
function wholeLine(line: string): string | null {
  const json = line.slice(HASH_LENGTH + 1);
  return line.slice(0, HASH_LENGTH) === hashOf(json) ? json : null;
}

function parseLine<T>(name: string, json: string, shape: Shape<T>): T {
  const parsed = parseJson(json);
  const shaped = parsed.ok ? checkShape(shape, parsed.value) : parsed;
  if (!shaped.ok)
    throw new Error(`The keystore file ${name} was written by another version of this program: start that one. Nothing was changed.`);
  return shaped.value;
}

function hashOf(json: string): string {
  return bytesToHex(sha256(utf8ToBytes(json)));
}
