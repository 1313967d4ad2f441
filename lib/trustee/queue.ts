// Statements that wait for room: for `status`, which is another process
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { hex32, unixTime } from '#lib/protocol/messages/shape.ts';
import { openedByShape } from '#lib/protocol/permit/group-policy.ts';

const waitingShape = z.strictObject({
  statement: hex32,
  openedBy: openedByShape,
  /** Since when, and until when it can wait: the time for its key. */
  since: unixTime,
  openBy: unixTime,
});
export type QueuedStatement = z.infer<typeof waitingShape>;

const FILE = 'queue.json';
const queueFileShape = z.strictObject({ version: z.literal(2), waiting: z.array(waitingShape) });

/** Written only when something has changed. @returns its text, to be handed in the next time */
export async function writeQueue(disk: Disk, waiting: readonly QueuedStatement[], before: string | null): Promise<string> {
  const text = canonicalJson([...waiting]);
  if (text !== before && !(before === null && waiting.length === 0))
    await writeStored(disk, FILE, { version: 2, waiting: [...waiting] }, queueFileShape);
  return text;
}

/** A line for each statement that waits, after one that says how many do; none when nothing waits. */
export async function describeQueue(disk: Disk): Promise<string[]> {
  const waiting = (await readStored(disk, FILE, queueFileShape))?.waiting ?? [];
  if (waiting.length === 0) return [];
  const time = (seconds: number) => new Date(seconds * 1000).toISOString();
  const whose = { member: 'a member', account: 'the issuer' };
  return [
    `${waiting.length === 1 ? 'One statement waits' : `${waiting.length} statements wait`} for room:`,
    ...waiting.map(
      ({ statement, openedBy: { by, group }, since, openBy }) =>
        `${statement}  opened by ${whose[by]} of group ${group.slice(0, 12)}  waits since ${time(since)}  until ${time(openBy)}`,
    ),
  ];
}
