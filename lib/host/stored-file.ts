// Files of a keystore: canonical JSON of a shape, which is checked before it is written and when it is read
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { canonicalJson, type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, type Shape } from '#lib/protocol/messages/shape.ts';
import type { Disk } from './disk.ts';

/**
 * Makes or replaces one of the keystore's own files, if `readStored` will read it back.
 * @throws Error when it would not: nothing is written then, and what was there stays. The message never quotes the file.
 */
export async function writeStored<T>(disk: Disk, name: string, value: T & Json, shape: Shape<T>): Promise<void> {
  const text = `${canonicalJson(value)}\n`;
  if (!readText(text, shape).ok)
    throw new Error(`The keystore file ${name} was not changed: what was to be written could not be read back.`);
  await disk.write(name, text);
}

/**
 * Reads one of the keystore's own files; null when it is missing.
 * @throws Error when it is damaged. The message never quotes the file, which may hold a secret.
 */
export async function readStored<T>(disk: Disk, name: string, shape: Shape<T>): Promise<T | null> {
  const text = await disk.read(name);
  if (text === null) return null;
  const read = readText(text, shape);
  if (!read.ok) throw new Error(`The keystore file ${name} is damaged, or a newer version of this program has written it.`);
  return read.value;
}

function readText<T>(text: string, shape: Shape<T>): Checked<T> {
  const parsed = parseJson(text);
  return parsed.ok ? checkShape(shape, parsed.value) : parsed;
}
