// How far the platform's list of messages was read, and what became of what this trustee sent
import type { MessageReceipt } from '#lib/protocol/board/receipt.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

export type Inbox = {
  cursor: number;
  /** Of which life of the platform's database the cursor is; null before the first answer. */
  epoch: Hex32 | null;
  /** The first message that could not be judged yet, as of a wave that is not due: read again once more is known. */
  putOff: number | null;
  /** Hashes of messages that the platform has shown since this process started: the trustee's own, and steps. */
  shown: Set<Hex32>;
  /** What the platform has given a receipt for since then, and when: seconds by the monotonic clock. */
  sent: Map<Hex32, { at: number; type: string }>;
  /** What it refuses for good, and what it has refused for now, so that each is told once. */
  refused: Set<Hex32>;
  told: Set<string>;
  /** What it has given a receipt for and does not show. */
  missing: Map<Hex32, string>;
};

export function createInbox(): Inbox {
  return {
    cursor: 0,
    epoch: null,
    putOff: null,
    shown: new Set(),
    sent: new Map(),
    refused: new Set(),
    told: new Set(),
    missing: new Map(),
  };
}

/** Notes a message that cannot be judged yet. It is not kept: its place is. */
export function putOff(inbox: Inbox, cursor: number): void {
  inbox.putOff = Math.min(inbox.putOff ?? cursor, cursor);
}

/** Goes back to what was put off, because more is known now. */
export function readAgain(inbox: Inbox): void {
  if (inbox.putOff === null) return;
  inbox.cursor = Math.min(inbox.cursor, inbox.putOff - 1);
  inbox.putOff = null;
}

/** Whether a platform answers from another life of its database than a cursor is of. */
export function isRestarted(known: { cursor: number | null; epoch: Hex32 | null }, answer: { epoch: Hex32; after: number }): boolean {
  return (known.epoch !== null && known.epoch !== answer.epoch) || answer.after < (known.cursor ?? 0);
}

/** Begins the list again from its start: the platform may have lost what it had taken, and is given all of it again. */
export function readFromStart(inbox: Inbox): void {
  Object.assign(inbox, { cursor: 0, putOff: null });
  inbox.shown.clear();
  inbox.sent.clear();
}

export function noteSent(inbox: Inbox, { message }: MessageReceipt, type: string, at: number): void {
  inbox.sent.set(message, { at, type });
}

/**
 * To be called when the list was read to its end, with nothing sent meanwhile.
 * @returns what was given a receipt for before and is not in it: told once
 */
export function findMissing(inbox: Inbox): { hash: Hex32; type: string }[] {
  const found: { hash: Hex32; type: string }[] = [];
  for (const [hash, { type }] of inbox.sent) {
    if (inbox.shown.has(hash)) inbox.missing.delete(hash);
    else if (!inbox.missing.has(hash)) {
      found.push({ hash, type });
      inbox.missing.set(hash, type);
    }
  }
  return found;
}
