// Who opened the statements that wait or were taken on: what one permit was used for, and how much of a group was shown
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fieldText, hex32, unixTime } from '#lib/protocol/messages/shape.ts';
import { openedByShape } from '#lib/protocol/permit/group-policy.ts';
import { firstKeptWeek } from '#lib/protocol/permit/permit.ts';

const count = z.int().min(0);
const turnShape = z.strictObject({
  statement: hex32,
  openedBy: openedByShape,
  /** 0 for an account. */
  slot: count,
  openBy: unixTime,
  /** Of a member, until a day after the week. */
  permit: z.strictObject({ week: count, nullifier: fieldText }).optional(),
});
/** A statement whose opener was judged, and what decides its turn. */
export type Turn = z.infer<typeof turnShape>;

const seenShape = z.strictObject({ group: hex32, roll: count, policies: count });
/** The number of the newest roll of a group, and of its policies, that the platform has shown. */
export type SeenOfGroup = z.infer<typeof seenShape>;

const FILE = 'openers.json';
const openersFileShape = z.strictObject({ version: z.literal(2), turns: z.array(turnShape), seen: z.array(seenShape) });

/** Held by one process. What a call has changed is on the disk when it returns. */
export type Openers = {
  find(statement: Hex32): Turn | undefined;
  /** The statement for which a nullifier was taken, if any. */
  userOf(nullifier: string): Hex32 | undefined;
  take(turn: Turn): Promise<void>;
  seenOf(group: Hex32): SeenOfGroup;
  /** Remembers what is more than was seen before. */
  see(seen: SeenOfGroup): Promise<void>;
  /** Erases nullifiers a day after their week, and statements whose time is over. `now` in Unix seconds. */
  prune(now: number): Promise<void>;
};

type OpenersFile = z.infer<typeof openersFileShape>;

export async function loadOpeners(disk: Disk): Promise<Openers> {
  let file: OpenersFile = (await readStored(disk, FILE, openersFileShape)) ?? { version: 2, turns: [], seen: [] };
  let saved: Promise<unknown> = Promise.resolve();
  // One change after the other, each of what the last has left; nothing counts as known before it is on the disk.
  const change = (changed: (before: OpenersFile) => OpenersFile): Promise<void> => {
    const next = saved.then(async () => {
      const value = changed(file);
      if (value === file) return;
      await writeStored(disk, FILE, value, openersFileShape);
      file = value;
    });
    saved = next.catch(() => {});
    return next;
  };
  const seenOf = (group: Hex32) => file.seen.find((one) => one.group === group) ?? { group, roll: 0, policies: 0 };
  return {
    find: (statement) => file.turns.find((turn) => turn.statement === statement),
    userOf: (nullifier) => file.turns.find(({ permit }) => permit?.nullifier === nullifier)?.statement,
    take: (turn) =>
      change((before) => ({ ...before, turns: [...before.turns.filter(({ statement }) => statement !== turn.statement), turn] })),
    seenOf,
    see: ({ group, roll, policies }) =>
      change((before) => {
        const known = seenOf(group);
        const next = { group, roll: Math.max(roll, known.roll), policies: Math.max(policies, known.policies) };
        if (next.roll === known.roll && next.policies === known.policies) return before;
        return { ...before, seen: [...before.seen.filter((one) => one.group !== group), next] };
      }),
    prune: (now) => change((before) => pruned(before, now)),
  };
}

function pruned(before: OpenersFile, now: number): OpenersFile {
  const first = firstKeptWeek(now);
  const isDue = ({ openBy, permit }: Turn) => (permit ? permit.week < first : openBy < now);
  if (!before.turns.some(isDue)) return before;
  const turns = before.turns.flatMap(({ permit, ...turn }) => {
    if (permit && permit.week >= first) return [{ ...turn, permit }];
    return turn.openBy < now ? [] : [turn];
  });
  return { ...before, turns };
}
