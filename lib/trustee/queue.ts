// Statements that wait for room or for an answer: for `status`, which is another process
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { hex32, unixTime } from '#lib/protocol/messages/shape.ts';
import { openedByShape } from '#lib/protocol/permit/group-policy.ts';
import type { Asked } from './consent.ts';

const waitingShape = z.strictObject({
  statement: hex32,
  openedBy: openedByShape,
  /** Since when, and until when it can wait: the time for its key. */
  since: unixTime,
  openBy: unixTime,
});
/** About which the trustee's owner is asked, and until when an answer can come. */
const askedShape = z.strictObject({ statement: hex32, title: z.string(), openBy: unixTime });

const FILE = 'queue.json';
const queueFileShape = z.strictObject({
  version: z.literal(2),
  waiting: z.array(waitingShape),
  asked: z.array(askedShape).optional(), // absent in files of before
  /** How many more wait for an answer than are listed; absent where none do. */
  unlisted: z.int().min(1).optional(),
});
type Queue = { waiting: z.infer<typeof waitingShape>[]; asked: z.infer<typeof askedShape>[]; unlisted?: number };

/**
 * Written only when something has changed.
 * @param before what this gave back the last time; null for the first time of a process, which finds what the one before has left
 * @returns its text
 */
export async function writeQueue(
  disk: Disk,
  { waiting, asked, unlisted }: { waiting: Queue['waiting']; asked: readonly Asked[]; unlisted: number },
  before: string | null,
): Promise<string> {
  const listed = asked.map(({ id, title, openBy }) => ({ statement: id, title, openBy }));
  const queue = { waiting, asked: listed, ...(unlisted > 0 ? { unlisted } : {}) };
  const text = canonicalJson(queue);
  if (text !== (before ?? canonicalJson(await readQueue(disk)))) await writeStored(disk, FILE, { version: 2, ...queue }, queueFileShape);
  return text;
}

async function readQueue(disk: Disk): Promise<Queue> {
  const { waiting = [], asked = [], unlisted } = (await readStored(disk, FILE, queueFileShape)) ?? {};
  return { waiting, asked, ...(unlisted === undefined ? {} : { unlisted }) };
}

/** A line for each statement that waits, after one that says how many do and for what; none when nothing waits. */
export async function describeQueue(disk: Disk): Promise<string[]> {
  const { waiting, asked, unlisted = 0 } = await readQueue(disk);
  const time = (seconds: number) => new Date(seconds * 1000).toISOString();
  const whose = { member: 'a member', account: 'the issuer' };
  return [
    ...countWaiting(asked.length, 'your answer on the page of serve --page'),
    ...asked.map(({ statement, title, openBy }) => `${statement}  ${quote(title)}  until ${time(openBy)}`),
    ...describeUnlisted(unlisted),
    ...countWaiting(waiting.length, 'room'),
    ...waiting.map(
      ({ statement, openedBy: { by, group }, since, openBy }) =>
        `${statement}  opened by ${whose[by]} of group ${group.slice(0, 12)}  waits since ${time(since)}  until ${time(openBy)}`,
    ),
  ];
}

function countWaiting(number: number, what: string): string[] {
  if (number === 0) return [];
  return [`${number === 1 ? 'One statement waits' : `${number} statements wait`} for ${what}:`];
}

/** What is said of statements that wait for an answer and do not stand in the list; nothing where all do. */
export function describeUnlisted(number: number): string[] {
  if (number === 0) return [];
  return [`${number === 1 ? 'One more waits' : `${number} more wait`} for a place in this list, and can be answered once others are.`];
}
