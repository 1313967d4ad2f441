import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Duty, logAbout, type TrusteeContext } from './duty.ts';
import { joinStatement } from './join-statement.ts';
import { readPlatform, writeStored } from './keystore.ts';
import { describeFault, isUnreachable, shortCall } from './platform-calls.ts';
import { platformFileShape } from './stored-shapes.ts';

/** Statements that name this trustee and are not decided yet, and what is remembered while it runs. */
export type Invitations = {
  pending: Map<Hex32, { cursor: number; failures: number; retryAt: number }>;
  /** Hashes of rolls whose leaves were checked. */
  rebuilt: Set<Hex32>;
  /** How far the list was read; null before the first time. */
  cursor: number | null;
  fault: string | null;
};

const MOST_PAGES = 50;
const LONGEST_PAUSE_SECONDS = 60;

/**
 * Asks which statements name this trustee and joins those that it accepts. How far it got is remembered only up to the first that is
 * undecided, so that none is lost. A platform whose key is not the pinned one is asked nothing further.
 * @throws when the platform cannot be reached
 */
export async function readInvitations(trustee: TrusteeContext, invitations: Invitations): Promise<Duty[]> {
  const platform = await pinPlatform(trustee, invitations);
  if (platform === null) return [];
  await listInvitations(trustee, invitations);
  const duties: Duty[] = [];
  for (const [id, waiting] of invitations.pending) {
    if (trustee.now() < waiting.retryAt) continue;
    try {
      const joined = await joinStatement(trustee, id, platform, invitations.rebuilt);
      if (!joined.ok) logAbout(trustee, id, `not joined: ${joined.code}${joined.detail ? ` (${joined.detail})` : ''}`);
      else if (joined.value) {
        duties.push(joined.value);
        logAbout(trustee, id, `joined as trustee ${joined.value.journal.trustee}`);
      }
      invitations.pending.delete(id);
    } catch (error) {
      if (isUnreachable(error)) throw error;
      if (waiting.failures++ === 0) logAbout(trustee, id, `cannot be judged yet: ${describeFault(error)}`);
      waiting.retryAt = trustee.now() + Math.min(2 ** waiting.failures, LONGEST_PAUSE_SECONDS);
    }
  }
  await saveCursor(trustee, invitations);
  return duties;
}

/** The key that the platform showed when this keystore first met it. Another one later is refused, whoever shows it. */
async function pinPlatform(trustee: TrusteeContext, invitations: Invitations): Promise<Hex32 | null> {
  const { key } = await trustee.api.getPlatform(shortCall());
  const pinned = await readPlatform(trustee.disk);
  if (pinned === null) {
    await writeStored(trustee.disk, 'platform.json', { version: 1, key, cursor: 0 }, platformFileShape);
    trustee.log(`platform key pinned: ${key}`);
    invitations.cursor = 0;
    return key;
  }
  invitations.cursor ??= pinned.cursor;
  if (pinned.key !== key && invitations.fault !== key) {
    invitations.fault = key;
    trustee.log(`WARNING: the platform shows the key ${key}, and ${pinned.key} is pinned; no statement is joined`);
  }
  return pinned.key === key ? key : null;
}

async function listInvitations(trustee: TrusteeContext, invitations: Invitations): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const after = invitations.cursor ?? 0;
    const { statements } = await trustee.api.listTrusteeStatements(trustee.identity.descriptor.key, after, shortCall());
    if (statements.length === 0) return;
    for (const { cursor, id } of statements) {
      if (cursor <= (invitations.cursor ?? 0)) throw new Error('the platform lists statements out of order');
      invitations.cursor = cursor;
      invitations.pending.set(id, { cursor, failures: 0, retryAt: 0 });
    }
  }
}

async function saveCursor(trustee: TrusteeContext, invitations: Invitations): Promise<void> {
  const stored = await readPlatform(trustee.disk);
  let cursor = invitations.cursor ?? 0;
  for (const undecided of invitations.pending.values()) cursor = Math.min(cursor, undecided.cursor - 1);
  if (stored && cursor > stored.cursor) await writeStored(trustee.disk, 'platform.json', { ...stored, cursor }, platformFileShape);
}
