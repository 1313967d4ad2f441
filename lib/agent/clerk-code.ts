// How whoever runs the agent lets a clerk in: a code that is good once, for a day
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { hex32, unixTime } from '#lib/protocol/messages/shape.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { drawCode, formatCode, hashCode, isCode } from './words.ts';

const FILE = 'clerk-code.json';
const LENGTH = 16;
const LIFE_SECONDS = 86_400;
const clerkCodeShape = z.strictObject({ hash: hex32, expires: unixTime });

/** Makes a code, in place of the one before. Another process than the one that serves may do so. @returns as it is typed */
export async function makeClerkCode(disk: Disk, now: number, random: Random): Promise<string> {
  const code = drawCode(random, LENGTH);
  await writeStored(disk, FILE, { hash: hashCode(code), expires: now + LIFE_SECONDS }, clerkCodeShape);
  return formatCode(code);
}

/** What spends codes, one after the other: of several clerks who give the same at once it lets in one. @returns as `takeClerkCode` */
export function openClerkDoor(disk: Disk, now: () => number): (text: string) => Promise<boolean> {
  let turn: Promise<unknown> = Promise.resolve();
  return (text) => {
    const done = turn.then(() => takeClerkCode(disk, text, now()));
    turn = done.catch(() => {});
    return done;
  };
}

/** Spends a code. @returns whether it was the one, and in time */
async function takeClerkCode(disk: Disk, text: string, now: number): Promise<boolean> {
  const kept = await readStored(disk, FILE, clerkCodeShape);
  if (!kept || kept.expires <= now || !isCode(text, kept.hash)) return false;
  await disk.remove(FILE);
  return true;
}
