// The folder that makes a trustee: its long-term key, and a folder for each statement that it serves or served
import { stat } from 'node:fs/promises';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
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
const OTHERS = 0o077;

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
export async function createIdentity(disk: Disk, about: { name: string; contact: string }, random: Random): Promise<OwnIdentity> {
  const existing = await readIdentity(disk);
  if (existing) return existing;
  const seed = random(32);
  const descriptor = checkShape(trusteeShape, { ...about, key: publicKeyOf(seed) });
  if (!descriptor.ok) throw new Error(`This name or contact cannot be used (${descriptor.detail}).`);
  await writeJson(disk, 'trustee.json', { version: 1, seed: bytesToHex(seed), descriptor: descriptor.value });
  await refuseOpenFolder(disk);
  return { seed, descriptor: descriptor.value };
}

/** The trustee's identity; null when the keystore was not made yet. @throws Error when the folder is open to others */
export async function readIdentity(disk: Disk): Promise<OwnIdentity | null> {
  const file = await readStored(disk, 'trustee.json', trusteeFileShape);
  if (file === null) return null;
  await refuseOpenFolder(disk);
  return { seed: hexToBytes(file.seed), descriptor: file.descriptor };
}

export function readPlatform(disk: Disk): Promise<PlatformFile | null> {
  return readStored(disk, 'platform.json', platformFileShape);
}

export function readJournal(disk: Disk, statement: Hex32): Promise<Journal | null> {
  return readStored(disk, fileOf(statement, 'journal.json'), journalShape);
}

/** The ids of all statements that the keystore has a folder for. */
export async function listStatements(disk: Disk): Promise<Hex32[]> {
  return (await disk.list(STATEMENTS)).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

export async function writeJson(disk: Disk, name: string, value: Json): Promise<void> {
  await disk.write(name, `${canonicalJson(value)}\n`);
}

/**
 * Reads one of the keystore's own files; null when it is missing.
 * @throws Error when it is damaged. The message never quotes the file, which may hold a secret.
 */
export async function readStored<T>(disk: Disk, name: string, shape: Shape<T>): Promise<T | null> {
  const text = await disk.read(name);
  if (text === null) return null;
  const parsed = parseJson(text);
  const shaped = parsed.ok ? checkShape(shape, parsed.value) : parsed;
  if (!shaped.ok) throw new Error(`The keystore file ${name} is damaged.`);
  return shaped.value;
}

async function refuseOpenFolder(disk: Disk): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(disk.folder);
  if (mode & OTHERS) throw new Error(`Others on this machine may enter ${disk.folder}. Close it first: chmod 700 '${disk.folder}'`);
}
