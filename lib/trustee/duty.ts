// What a trustee owes one statement. All of it can be made again: the journal from the keystore, the view from keystore and platform.

import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { loadVerificationKey } from '#lib/proof/artifacts.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { judgeKeyGeneration, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import { checkStatement, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { BoardView } from './board-view.ts';
import type { TrusteeContext } from './context.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { fileOf, readJournal } from './keystore.ts';
import { appendLines, readLines } from './line-log.ts';
import { keyFile } from './statement-files.ts';
import { type Journal, journalShape, keyMessageShape, statementFileShape } from './stored-shapes.ts';
import { createVouchers, type Vouchers } from './vouchers.ts';
import { loadWaves, type WaveView } from './wave-view.ts';

/** What the trustee has verified of a statement. */
export type View = {
  /** Of each author, kind and dealer one; two where the author has forked. In the order in which they came. */
  keyMessages: KeyMessage[];
  keyed: Keyed | null;
  /** Null until the log was read, and when a refused entry has spoilt it. */
  board: BoardView | null;
  vouchers: Vouchers;
  /** By number: the waves that are due, and those of which the keystore knows. */
  waves: Map<number, WaveView>;
  inbox: Inbox;
};

/** When a statement has its turn; nothing that it signs depends on this. */
export type Pace = {
  /** Looks in a row that have brought nothing. */
  idle: number;
  lastRound: number;
  retryAt: number;
  failures: number;
  /** What went wrong last, so that it is told once. */
  fault: string | null;
  /** Whether there is more to do at once. */
  isBehind: boolean;
};

export type Duty = {
  readonly id: Hex32;
  readonly context: StatementContext;
  readonly verificationKey: VerificationKey;
  /** Changed by `saveJournal` alone: what stands in it is on disk. */
  journal: Journal;
  readonly view: View;
  readonly pace: Pace;
};

export function authorOf(trustee: TrusteeContext, duty: Duty): Author {
  return { context: duty.context, trustee: duty.journal.trustee, seed: trustee.identity.seed };
}

/** The group by which the turns of statements are shared out: the first that is named. */
export function groupOf({ rolls }: Statement): Hex32 {
  return rolls[0]?.group ?? '';
}

/** In whose share of the room a statement is. One of an earlier version counts as a member's of the first group that it names. */
export function openedByOf({ journal, context }: Duty): OpenedBy {
  return journal.openedBy ?? { by: 'member', group: groupOf(context.statement) };
}

/** Writes a change of the journal and only then lets the rest of the trustee see it. */
export async function saveJournal(trustee: TrusteeContext, duty: Duty, change: Partial<Journal>): Promise<void> {
  const journal = { ...duty.journal, ...change };
  await writeStored(trustee.disk, fileOf(duty.id, 'journal.json'), journal, journalShape);
  duty.journal = journal;
}

/** Keeps a message of key generation that was checked; others' show to the end whose fault it was, also after an abort. */
export async function keepKeyMessage(trustee: TrusteeContext, duty: Duty, message: KeyMessage): Promise<void> {
  await appendLines(trustee.disk, keyFile(duty.id), keyMessageShape, [message]);
  duty.view.keyMessages.push(message);
}

/** The trustee's own messages of key generation first: they are in the journal before they are in the log. */
async function loadKeyMessages(trustee: TrusteeContext, journal: Journal): Promise<KeyMessage[]> {
  const messages = journal.messages.filter((message): message is KeyMessage => message.type !== 'destroyed');
  const known = new Set(messages.map(({ signature }) => signature));
  await readLines(trustee.disk, keyFile(journal.statement), keyMessageShape, (message) => {
    if (!known.has(message.signature)) messages.push(message);
    known.add(message.signature);
    return true;
  });
  return messages;
}

/**
 * Takes up a statement from the keystore; null when nothing is left to do for it, or it was never joined.
 * @throws Error when its files are damaged or its proving key is gone
 */
export async function loadDuty(trustee: TrusteeContext, id: Hex32): Promise<Duty | null> {
  const journal = await readJournal(trustee.disk, id);
  if (journal === null || journal.closed) return null;
  const stored = await readStored(trustee.disk, fileOf(id, 'statement.json'), statementFileShape);
  const context = stored && checkStatement(stored.statement, stored.rolls);
  if (!context?.ok || context.value.id !== id || journal.statement !== id)
    throw new Error(`The keystore's files of statement ${id} do not fit.`);
  const key = await loadVerificationKey(trustee.manifest, context.value.statement.verificationKey, trustee.artifacts);
  if (!key.ok) throw new Error(`The verification key of statement ${id} cannot be loaded (${key.code}).`);
  const keyMessages = await loadKeyMessages(trustee, journal);
  const view: View = {
    keyMessages,
    keyed: journal.stage === 'keyed' ? requireKeyed(context.value, journal, keyMessages) : null,
    board: null,
    vouchers: createVouchers(),
    waves: await loadWaves(trustee.disk, context.value),
    inbox: createInbox(),
  };
  const pace = { idle: 0, lastRound: 0, retryAt: 0, failures: 0, fault: null, isBehind: false };
  return { id, context: context.value, verificationKey: key.value, journal, view, pace };
}

function requireKeyed(context: StatementContext, journal: Journal, messages: readonly KeyMessage[]): Keyed {
  const state = judgeKeyGeneration(context, messages);
  if (state.status !== 'keyed' || state.transcript !== journal.transcript)
    throw new Error(`The keystore's key of statement ${context.id} is not the one that was confirmed.`);
  return state;
}
