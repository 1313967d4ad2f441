// SPEC §10.1: which names open, and when — a function of the final checkpoints alone

import type { Entry } from '../board/signature.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { FieldText } from '../numbers/field.ts';
import type { StatementContext } from '../statement/statement.ts';
import { isTriggerMet, totalOf } from '../statement/trigger.ts';

type Signature = { hash: Hex32; group: Hex32; minimum: number; state: 'live' | 'withdrawn' | 'opened'; hasWithdrawal: boolean };

/**
 * The count of a board as its checkpoints are read one by one. It is changed in place by `admitEntry` and `closeCheckpoint`,
 * so that following a board costs only what is new.
 */
export type Tally = {
  signatures: Map<FieldText, Signature>;
  /** Signatures that are counted whatever happens: those opened, and live ones without a personal minimum. By group. */
  opened: Map<Hex32, number>;
  unconditional: Map<Hex32, number>;
  /** Nullifiers of live, unopened signatures without a personal minimum, and of those with one by minimum and group. */
  liveUnconditional: Set<FieldText>;
  liveConditional: Map<number, Map<Hex32, Set<FieldText>>>;
};

export type AdmissionFailure = 'ALREADY_SIGNED' | 'NOTHING_TO_WITHDRAW' | 'ALREADY_WITHDRAWN';

export function createTally(): Tally {
  return { signatures: new Map(), opened: new Map(), unconditional: new Map(), liveUnconditional: new Set(), liveConditional: new Map() };
}

/**
 * Takes one entry into the count: per nullifier one signature and then at most one withdrawal, which names the hash of the
 * signature and its group. A withdrawal of an opened signature is kept and has no effect. SPEC §9.2, §10.1.
 */
export function admitEntry(tally: Tally, entry: Pick<Entry, 'nullifier' | 'said'>, hash: Hex32): Checked<true, AdmissionFailure> {
  const { nullifier, said } = entry;
  const signature = tally.signatures.get(nullifier);
  if (said.action === 'withdraw') {
    if (!signature || signature.hash !== said.withdraws || signature.group !== said.group)
      return refuse('NOTHING_TO_WITHDRAW', 'the withdrawal names no signature of this person');
    if (signature.hasWithdrawal) return refuse('ALREADY_WITHDRAWN', 'this signature was withdrawn before');
    signature.hasWithdrawal = true;
    if (signature.state === 'live') {
      signature.state = 'withdrawn';
      removeLive(tally, nullifier, signature);
    }
    return accept(true);
  }
  if (signature) return refuse('ALREADY_SIGNED', 'this person has signed before');
  const minimum = said.minimum ?? 1;
  tally.signatures.set(nullifier, { hash, group: said.group, minimum, state: 'live', hasWithdrawal: false });
  if (minimum > 1) {
    const byGroup = tally.liveConditional.get(minimum) ?? new Map<Hex32, Set<FieldText>>();
    tally.liveConditional.set(minimum, byGroup.set(said.group, (byGroup.get(said.group) ?? new Set()).add(nullifier)));
  } else {
    tally.liveUnconditional.add(nullifier);
    add(tally.unconditional, said.group, 1);
  }
  return accept(true);
}

/**
 * Ends a checkpoint: finds S, the largest subset of the live and the opened signatures that holds everything opened and in
 * which every unopened signature's minimum is at most |S|. If S meets the trigger, what is not yet open in it is a wave.
 * Call it once for each final checkpoint, in order.
 * @returns the nullifiers of the wave in ascending order; null when nothing opens. SPEC §10.1.
 */
export function closeCheckpoint(context: StatementContext, tally: Tally): FieldText[] | null {
  const kept = keepSatisfied(tally);
  if (kept.length + tally.liveUnconditional.size === 0) return null;
  if (!isTriggerMet(context.statement.trigger, countWith(tally, kept))) return null;
  const wave = [...tally.liveUnconditional, ...kept.flatMap(({ nullifiers }) => [...nullifiers])];
  for (const nullifier of wave) {
    const signature = tally.signatures.get(nullifier) as Signature;
    removeLive(tally, nullifier, signature);
    signature.state = 'opened';
    add(tally.opened, signature.group, 1);
  }
  return sortNullifiers(wave);
}

/** How many signatures are live or opened, by group: what pages show before the reveal. SPEC §10.1. */
export function liveCounts(tally: Tally): Map<Hex32, number> {
  return countWith(tally, listConditional(tally));
}

/** Ascending as numbers. */
export function sortNullifiers(nullifiers: readonly FieldText[]): FieldText[] {
  return [...nullifiers].sort((a, b) => (a.length !== b.length ? a.length - b.length : a < b ? -1 : a > b ? 1 : 0));
}

/** Live signatures of one personal minimum in one group. */
type Conditional = { minimum: number; group: Hex32; nullifiers: ReadonlySet<FieldText> };

function listConditional(tally: Tally): Conditional[] {
  return [...tally.liveConditional].flatMap(([minimum, byGroup]) =>
    [...byGroup].filter(([, { size }]) => size > 0).map(([group, nullifiers]) => ({ minimum, group, nullifiers })),
  );
}

function countWith(tally: Tally, conditional: readonly Conditional[]): Map<Hex32, number> {
  const counts = new Map(tally.opened);
  for (const [group, count] of tally.unconditional) add(counts, group, count);
  for (const { group, nullifiers } of conditional) add(counts, group, nullifiers.size);
  return counts;
}

/**
 * Starts from all, drops those whose minimum exceeds the size, repeats: with minima in descending order one pass does it. All of
 * one minimum go together, for when the first of them goes the size falls. So a checkpoint costs no more for a longer board.
 */
function keepSatisfied(tally: Tally): Conditional[] {
  const descending = listConditional(tally).sort((a, b) => b.minimum - a.minimum);
  let size = totalOf(tally.opened) + tally.liveUnconditional.size;
  for (const { nullifiers } of descending) size += nullifiers.size;
  return descending.filter(({ minimum, nullifiers }) => {
    if (minimum <= size) return true;
    size -= nullifiers.size;
    return false;
  });
}

function removeLive(tally: Tally, nullifier: FieldText, signature: Signature): void {
  tally.liveConditional.get(signature.minimum)?.get(signature.group)?.delete(nullifier);
  if (tally.liveUnconditional.delete(nullifier)) add(tally.unconditional, signature.group, -1);
}

function add(counts: Map<Hex32, number>, group: Hex32, change: number): void {
  counts.set(group, (counts.get(group) ?? 0) + change);
}
