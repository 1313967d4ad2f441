// The capsules of the rolls of statements: kept from before the confirm until no statement of this keystore needs them (T45, T62)

import type { Disk } from '#lib/host/disk.ts';
import { readStored } from '#lib/host/stored-file.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { CAPSULE_FILE_BYTES } from '#lib/protocol/member/capsule.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { readCapsules } from './committee-calls.ts';
import type { TrusteeContext } from './context.ts';
import { isShareOver } from './duty-policy.ts';
import { fileOf, listKeptStatements, readJournal } from './keystore.ts';
import { statementFileShape } from './stored-shapes.ts';

const CAPSULES = 'capsules';

function capsuleFile(roll: Hex32): string {
  return `${CAPSULES}/${roll}`;
}

/** Whether the capsules of all these rolls are on disk, whole. */
export async function hasCapsules(trustee: TrusteeContext, rolls: Iterable<RollHeader>): Promise<boolean> {
  for (const header of rolls) if (!(await holds(trustee, header))) return false;
  return true;
}

async function holds({ disk, work }: TrusteeContext, header: RollHeader): Promise<boolean> {
  const bytes = await disk.readBytes(capsuleFile(rollHash(header)));
  return bytes !== null && (await work.run('checkCapsules', { header, bytes })).ok;
}

/**
 * Fetches the capsules that are not on disk yet, and checks them against the headers of their rolls.
 * @throws Error when the platform does not have them, or has others: without them the key is not confirmed
 */
export async function fetchCapsules(trustee: TrusteeContext, author: Author): Promise<void> {
  for (const header of author.context.rolls.values()) {
    if (await holds(trustee, header)) continue;
    const hash = rollHash(header);
    const bytes = await readCapsules(trustee, author, hash);
    const checked =
      bytes.length > CAPSULE_FILE_BYTES
        ? { ok: false as const, detail: 'the file is too long' }
        : await trustee.work.run('checkCapsules', { header, bytes });
    if (!checked.ok) throw new Error(`BAD_CAPSULES: roll ${hash.slice(0, 12)}: ${checked.detail}`);
    await trustee.disk.writeBytes(capsuleFile(hash), bytes);
  }
}

/**
 * Erases the capsules that no statement needs any more: each needs those of its rolls until its end. A statement that cannot be read
 * keeps all of them. `now` in Unix seconds.
 */
export async function releaseCapsules(disk: Disk, now: number): Promise<void> {
  const needed = new Set<Hex32>();
  for (const id of await listKeptStatements(disk)) {
    const journal = await readJournal(disk, id).catch(() => null);
    if (journal && isShareOver(journal, now)) continue;
    const stored = await readStored(disk, fileOf(id, 'statement.json'), statementFileShape).catch(() => null);
    if (!stored) return;
    for (const { roll } of stored.statement.rolls) needed.add(roll);
  }
  for (const name of await disk.list(CAPSULES)) if (!needed.has(name)) await disk.erase(`${CAPSULES}/${name}`);
}
