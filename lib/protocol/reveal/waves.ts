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
  /** How many are live and unopened, by group. */
  unopened: Map<Hex32, number>;
  /** Those, the highest minimum first, in buckets that are not empty. */
  live: Bucket[];
};

/** Live, unopened signatures of one group and one personal minimum, 1 for none: they enter S together or not at all. */
type Bucket = { group: Hex32; minimum: number; signatures: Set<Signature> };

/** The members of a statement that decide what opens. */
export type WaveRule = { trigger: Trigger; together: number };
/** What opens of one group: entry hashes, ascending by nullifier. */
export type WaveGroup = { group: Hex32; entries: Hex32[] };

export type AdmissionFailure = 'ALREADY_SIGNED' | 'NOTHING_TO_WITHDRAW' | 'ALREADY_WITHDRAWN';

export function createWaveTally(): WaveTally {
  return { signatures: new Map(), opened: new Map(), unopened: new Map(), live: [] };
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
  add(tally.unopened, added.group, 1);
  const { place, bucket } = findBucket(tally, added);
  if (bucket) bucket.signatures.add(added);
  else tally.live.splice(place, 0, { group: added.group, minimum: added.minimum, signatures: new Set([added]) });
  return accept(true);
}

function withdraw(tally: WaveTally, signature: Signature | undefined, group: Hex32): Checked<true, AdmissionFailure> {
  if (!signature || signature.group !== group) return refuse('NOTHING_TO_WITHDRAW', 'there is no signature of this person in this group');
  if (signature.hasWithdrawal) return refuse('ALREADY_WITHDRAWN', 'this signature was withdrawn before');
  signature.hasWithdrawal = true;
  if (signature.state === 'live') removeLive(tally, signature);
  return accept(true);
}

/**
 * Ends a checkpoint: finds S, and if S meets the trigger, what is not yet open in it is a wave. Call it once for each final
 * checkpoint, in order.
 * @returns the wave by group, ascending by group id; null when nothing opens. SPEC §10.1.
 */
export function closeCheckpoint({ trigger, together }: WaveRule, tally: WaveTally): WaveGroup[] | null {
  const { from, counts } = findLargest(tally, together);
  const opened = addTo(tally.opened, counts);
  if (counts.size === 0 || !isTriggerMet(trigger, opened)) return null;
  const opening = tally.live.splice(from);
  for (const bucket of opening) if (!counts.has(bucket.group)) tally.live.push(bucket);
  tally.opened = opened;
  for (const [group, count] of counts) add(tally.unopened, group, -count);
  return [...counts.keys()].sort().map((group) => {
    const signatures = opening.flatMap((bucket) => (bucket.group === group ? [...bucket.signatures] : []));
    for (const signature of signatures) signature.state = 'opened';
    return { group, entries: inOrder(signatures) };
  });
}

/** How many signatures are live or opened, by group: the `live` of a checkpoint, and what pages show before the reveal. SPEC §9.2. */
export function liveCounts(tally: WaveTally): Map<Hex32, number> {
  return addTo(tally.opened, tally.unopened);
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

/**
 * The unopened part of S, the largest set that holds everything opened, in which every unopened minimum is at most |S| and
 * every group has 0 or at least `together` unopened. Both rules are kept by unions, so S is unique: start from all, drop what
 * breaks a rule, repeat. Minima are met from the highest down, and no bucket is looked at twice.
 * @returns where S begins in the live buckets, and its counts by group: of other groups it holds none
 */
function findLargest({ live, opened, unopened }: WaveTally, together: number): { from: number; counts: Map<Hex32, number> } {
  const counts = new Map([...unopened].filter(([, count]) => count > 0));
  let size = totalOf(opened) + totalOf(counts);
  let from = 0;
  for (let hasFallen = true; hasFallen; ) {
    for (; from < live.length && (live[from] as Bucket).minimum > size; from++) {
      const { group, signatures } = live[from] as Bucket;
      if (!counts.has(group)) continue;
      size -= signatures.size;
      add(counts, group, -signatures.size);
    }
    const fallen = [...counts].filter(([, count]) => count < Math.max(1, together));
    for (const [group, count] of fallen) {
      size -= count;
      counts.delete(group);
    }
    hasFallen = fallen.length > 0;
  }
  return { from, counts };
}

/** The bucket of a signature, or the place where it belongs. */
function findBucket({ live }: WaveTally, { group, minimum }: Signature): { place: number; bucket: Bucket | undefined } {
  let [place, end] = [0, live.length];
  while (place < end) {
    const middle = (place + end) >> 1;
    if ((live[middle] as Bucket).minimum > minimum) place = middle + 1;
    else end = middle;
  }
  for (; live[place]?.minimum === minimum; place++) if (live[place]?.group === group) return { place, bucket: live[place] };
  return { place, bucket: undefined };
}

function inOrder(signatures: readonly Signature[]): Hex32[] {
  return [...signatures].sort((a, b) => compareNullifiers(a.nullifier, b.nullifier)).map(({ hash }) => hash);
}

function removeLive(tally: WaveTally, signature: Signature): void {
  signature.state = 'withdrawn';
  add(tally.unopened, signature.group, -1);
  const { place, bucket } = findBucket(tally, signature);
  bucket?.signatures.delete(signature);
  if (bucket?.signatures.size === 0) tally.live.splice(place, 1);
}

function addTo(counts: ReadonlyMap<Hex32, number>, more: ReadonlyMap<Hex32, number>): Map<Hex32, number> {
  const sum = new Map(counts);
  for (const [group, count] of more) if (count > 0) add(sum, group, count);
  return sum;
}

function add(counts: Map<Hex32, number>, group: Hex32, change: number): void {
  counts.set(group, (counts.get(group) ?? 0) + change);
}
