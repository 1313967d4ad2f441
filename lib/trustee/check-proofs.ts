// Checking the proofs of checkpoints: many at a time, in pieces that are durable one by one
import type { CheckpointFacts, ReadEntry } from '#lib/protocol/board/reader.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { appendProven, readProven } from './board-log.ts';
import type { TrusteeContext } from './context.ts';
import type { Duty } from './duty.ts';
import { isShareOver } from './duty-policy.ts';

/** Proofs that are checked together. */
const PROOFS_AT_ONCE = 256;

/** A checkpoint of which all bodies were read. */
export type JudgedCheckpoint = CheckpointFacts & { entries: ReadEntry[] };

/** As many checkpoints as it takes to have enough proofs, at least one. */
export function takeBatch(judged: readonly JudgedCheckpoint[]): JudgedCheckpoint[] {
  let end = 0;
  for (let proofs = 0; end < judged.length && proofs < PROOFS_AT_ONCE; end++) proofs += judged[end]?.entries.length ?? 0;
  return judged.slice(0, end);
}

/** Whether a batch takes so long that what was checked of it is remembered on the way. */
export function isLong(batch: readonly JudgedCheckpoint[]): boolean {
  return batch.reduce((total, { entries }) => total + entries.length, 0) > PROOFS_AT_ONCE;
}

/**
 * Checks all proofs of a batch, but for those that were checked before a restart.
 * @returns how many checkpoints there are before the first with a bad proof; null when the time of the share is over
 */
export async function countProven(trustee: TrusteeContext, duty: Duty, batch: readonly JudgedCheckpoint[]): Promise<number | null> {
  const known = isLong(batch) ? await readProven(trustee.disk, duty.id) : new Set<Hex32>();
  const items = batch.flatMap(({ entries }, owner) => entries.map((entry) => ({ owner, ...entry }))).filter(({ hash }) => !known.has(hash));
  const { verificationKey: key, context } = duty;
  const isWanted = () => !isShareOver(duty.journal, trustee.now());
  for (let start = 0; start < items.length; start += PROOFS_AT_ONCE) {
    const piece = items.slice(start, start + PROOFS_AT_ONCE);
    const proofs = piece.map(({ entry: { proof }, publicSignals }) => ({ proof, publicSignals }));
    const input = { hash: context.statement.verificationKey, key, batch: proofs };
    const wrong = await trustee.work.runWhile(isWanted, 'checkProofs', input);
    if (wrong === null) return null;
    if (wrong[0] !== undefined) return piece[wrong[0]]?.owner ?? 0;
    const isLast = start + PROOFS_AT_ONCE >= items.length; // the board's own log comes next
    const hashes = piece.map(({ hash }) => hash);
    if (!isLast) await appendProven(trustee.disk, duty.id, hashes);
  }
  return batch.length;
}
