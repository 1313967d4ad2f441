// The folder that makes a trustee: its long-term key, and a folder for each statement that it serves or served
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Disk } from '#lib/host/disk.ts';
import { requirePrivateFolder } from '#lib/host/private-places.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type TrusteeDescriptor, trusteeShape } from '#lib/protocol/statement/statement.ts';
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
  for (const [what, text] of Object.entries(about)) {
    const fault = /\n/.test(text) ? 'takes more than one line' : findDeceptive(text);
    if (fault !== null)
      throw new Error(`This cannot be used, because every statement that names this trustee would be refused: the ${what} ${fault}.`);
  }
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
