// SPEC §10.1: which names open, and when: a function of the final checkpoints alone
import { accept, type Checked, refuse } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { FieldText } from '../numbers/field.ts';
import { isTriggerMet, type Trigger, totalOf } from '../statement/trigger.ts';

/** What the count looks at of an entry. `hash` is the entry's hash. */
type Admitted = { nullifier: FieldText; said: { action: 'sign' | 'withdraw'; group: Hex32; minimum?: number | undefined } };
type State = 'live' | 'withdrawn' | 'opened';
type Signature = { nullifier: FieldText; hash: Hex32; group: Hex32; minimum: number; state: State; hasWithdrawal: boolean };

/**
 * The count of a board as its checkpoints are read one by one. It is changed in place by `admitEntry` and `closeCheckpoint`,
 * so that following a board costs only what is new.
 */
export type WaveTally = {
  signatures: Map<FieldText, Signature>;
  /** Signatures in waves so far, by group. */
  opened: Map<Hex32, number>;
  /** Live, unopened signatures by group and personal minimum; 1 stands for none. */
  live: Map<Hex32, Map<number, Set<Signature>>>;
};

/** The members of a statement that decide what opens. */
export type WaveRule = { trigger: Trigger; together: number };
/** What opens of one group: entry hashes, ascending by nullifier. */
export type WaveGroup = { group: Hex32; entries: Hex32[] };

export type AdmissionFailure = 'ALREADY_SIGNED' | 'NOTHING_TO_WITHDRAW' | 'ALREADY_WITHDRAWN';

export function createWaveTally(): WaveTally {
  return { signatures: new Map(), opened: new Map(), live: new Map() };
}

/**
 * Takes one entry into the count: per nullifier one signature and then at most one withdrawal, of the same group. A withdrawal of
 * an opened signature is kept and has no effect. SPEC §9.2, §10.1.
 */
export function admitEntry(tally: WaveTally, { nullifier, said }: Admitted, hash: Hex32): Checked<true, AdmissionFailure> {
  const signature = tally.signatures.get(nullifier);
  if (said.action === 'withdraw') return withdraw(tally, signature, said.group);
  if (signature) return refuse('ALREADY_SIGNED', 'this person has signed before');
  const added: Signature = { nullifier, hash, group: said.group, minimum: said.minimum ?? 1, state: 'live', hasWithdrawal: false };
  tally.signatures.set(nullifier, added);
  const byMinimum = tally.live.get(added.group) ?? new Map<number, Set<Signature>>();
  tally.live.set(added.group, byMinimum.set(added.minimum, (byMinimum.get(added.minimum) ?? new Set()).add(added)));
  return accept(true);
}

function withdraw(tally: WaveTally, signature: Signature | undefined, group: Hex32): Checked<true, AdmissionFailure> {
  if (!signature || signature.group !== group) return refuse('NOTHING_TO_WITHDRAW', 'there is no signature of this person in this group');
  if (signature.hasWithdrawal) return refuse('ALREADY_WITHDRAWN', 'this signature was withdrawn before');
  signature.hasWithdrawal = true;
  if (signature.state === 'live') removeLive(tally, signature, 'withdrawn');
  return accept(true);
}

/**
 * Ends a checkpoint: finds S, and if S meets the trigger, what is not yet open in it is a wave. Call it once for each final
 * checkpoint, in order.
 * @returns the wave by group, ascending by group id; null when nothing opens. SPEC §10.1.
 */
export function closeCheckpoint({ trigger, together }: WaveRule, tally: WaveTally): WaveGroup[] | null {
  const opening = findLargest(tally, together);
  if (opening.length === 0 || !isTriggerMet(trigger, addTo(tally.opened, opening))) return null;
  const signatures = opening.flatMap((bucket) => [...bucket.signatures]);
  for (const signature of signatures) {
    removeLive(tally, signature, 'opened');
    add(tally.opened, signature.group, 1);
  }
  const groups = [...new Set(opening.map(({ group }) => group))].sort();
  return groups.map((group) => ({ group, entries: inOrder(signatures.filter((signature) => signature.group === group)) }));
}

/** How many signatures are live or opened, by group: the `live` of a checkpoint, and what pages show before the reveal. SPEC §9.2. */
export function liveCounts(tally: WaveTally): Map<Hex32, number> {
  return addTo(tally.opened, listLive(tally));
}

/** The same once these entries have been admitted too, in any order: what a platform signs for its next checkpoint. SPEC §9.2. */
export function liveCountsWith(tally: WaveTally, entries: readonly Admitted[]): Map<Hex32, number> {
  const counts = liveCounts(tally);
  for (const { nullifier, said } of entries) {
    if (said.action === 'sign') add(counts, said.group, 1);
    else if ((tally.signatures.get(nullifier)?.state ?? 'live') === 'live') add(counts, said.group, -1);
  }
  return counts;
}

/** Ascending as numbers: canonical decimals, so the shorter is the smaller. */
export function compareNullifiers(a: FieldText, b: FieldText): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Live, unopened signatures of one group and one personal minimum: they enter S together or not at all. */
type Bucket = { group: Hex32; minimum: number; signatures: ReadonlySet<Signature> };

function listLive(tally: WaveTally): Bucket[] {
  return [...tally.live].flatMap(([group, byMinimum]) =>
    [...byMinimum].filter(([, { size }]) => size > 0).map(([minimum, signatures]) => ({ group, minimum, signatures })),
  );
}

/**
 * The unopened part of S, the largest set that holds everything opened, in which every unopened minimum is at most |S| and
 * every group has 0 or at least `together` unopened. Both rules are kept by unions, so S is unique: start from all, drop what
 * breaks a rule, repeat. Minima are met from the highest down; what was passed is looked at again only when a group falls.
 */
function findLargest(tally: WaveTally, together: number): Bucket[] {
  const kept = new Set(listLive(tally).sort((a, b) => b.minimum - a.minimum));
  const unopened = addTo(new Map(), [...kept]);
  let size = totalOf(tally.opened) + totalOf(unopened);
  const drop = (bucket: Bucket) => {
    kept.delete(bucket);
    size -= bucket.signatures.size;
    add(unopened, bucket.group, -bucket.signatures.size);
  };
  for (let before = -1; before !== kept.size; ) {
    before = kept.size;
    for (const bucket of kept) if (bucket.minimum > size) drop(bucket);
    for (const bucket of kept) if ((unopened.get(bucket.group) as number) < together) drop(bucket);
  }
  return [...kept];
}

function inOrder(signatures: readonly Signature[]): Hex32[] {
  return [...signatures].sort((a, b) => compareNullifiers(a.nullifier, b.nullifier)).map(({ hash }) => hash);
}

function removeLive(tally: WaveTally, signature: Signature, state: State): void {
  tally.live.get(signature.group)?.get(signature.minimum)?.delete(signature);
  signature.state = state;
}

function addTo(counts: ReadonlyMap<Hex32, number>, buckets: readonly Bucket[]): Map<Hex32, number> {
  const sum = new Map(counts);
  for (const { group, signatures } of buckets) add(sum, group, signatures.size);
  return sum;
}

function add(counts: Map<Hex32, number>, group: Hex32, change: number): void {
  counts.set(group, (counts.get(group) ?? 0) + change);
}
