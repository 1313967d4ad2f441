// The folder that makes a trustee: its long-term key, and a folder for each statement that it serves or served
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { requirePrivateFolder } from '#lib/host/private-places.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, type Shape } from '#lib/protocol/messages/shape.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type TrusteeDescriptor, trusteeShape } from '#lib/protocol/statement/statement.ts';
import type { Disk } from './disk.ts';
import { type Journal, journalShape, type PlatformFile, platformFileShape, trusteeFileShape } from './stored-shapes.ts';

/** A trustee's own key and its name and contact. */
export type OwnIdentity = { seed: Uint8Array; descriptor: TrusteeDescriptor };

const STATEMENTS = 'statements';

/** The name of a file of a statement's folder. */
export function fileOf(statement: Hex32, file: string): string {
  return `${folderOf(statement)}/${file}`;
}

export function folderOf(statement: Hex32): string {
  return `${STATEMENTS}/${statement}`;
}

/**
 * Makes the long-term key, unless the keystore has one: then name and contact stay as they were.
 * @throws Error when name or contact cannot stand in a statement, or the folder is open to others
 */
export async function createKeystore(disk: Disk, about: { name: string; contact: string }, random: Random): Promise<OwnIdentity> {
  const existing = await readIdentity(disk);
  if (existing) return existing;
  const seed = random(32);
  const descriptor = checkShape(trusteeShape, { ...about, key: publicKeyOf(seed) });
  if (!descriptor.ok) throw new Error(`This name or contact cannot be used (${descriptor.detail}).`);
  await writeStored(disk, 'trustee.json', { version: 2, seed: bytesToHex(seed), descriptor: descriptor.value }, trusteeFileShape);
  requirePrivateFolder(disk.folder);
  return { seed, descriptor: descriptor.value };
}

/** The trustee's identity; null when the keystore was not made yet. @throws Error when the folder is open to others */
export async function readIdentity(disk: Disk): Promise<OwnIdentity | null> {
  const file = await readStored(disk, 'trustee.json', trusteeFileShape);
  if (file === null) return null;
  requirePrivateFolder(disk.folder);
  return { seed: hexToBytes(file.seed), descriptor: file.descriptor };
}

export function readPlatform(disk: Disk): Promise<PlatformFile | null> {
  return readStored(disk, 'platform.json', platformFileShape);
}

export function readJournal(disk: Disk, statement: Hex32): Promise<Journal | null> {
  return readStored(disk, fileOf(statement, 'journal.json'), journalShape);
}

/** The ids of all statements that the keystore has a folder for. */
export async function listKeptStatements(disk: Disk): Promise<Hex32[]> {
  return (await disk.list(STATEMENTS)).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

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
  if (!read.ok) throw new Error(`The keystore file ${name} is damaged.`);
  return read.value;
}

function readText<T>(text: string, shape: Shape<T>): Checked<T> {
  const parsed = parseJson(text);
  return parsed.ok ? checkShape(shape, parsed.value) : parsed;
}
