// What a trustee owes one statement, as it is held in memory; everything in it can be made again from the keystore
import type { Api } from '#lib/api/client.ts';
import { type FetchFile, loadVerificationKey } from '#lib/proof/artifacts.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import type { Cosignature } from '#lib/protocol/board/board.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { judgeKeyGeneration, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { checkStatement, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { BoardView } from './board-view.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { Disk } from './disk.ts';
import { fileOf, folderOf, type OwnIdentity, readJournal, readStored, writeStored } from './keystore.ts';
import { listOpened } from './opening-files.ts';
import type { Policy } from './policy.ts';
import { type Journal, journalShape, keyFileShape, statementFileShape } from './stored-shapes.ts';

/** What every step of a trustee works with. */
export type TrusteeContext = {
  disk: Disk;
  identity: OwnIdentity;
  api: Api;
  /** Unix seconds by the trustee's own clock. */
  now: () => number;
  random: Random;
  /** The trustee's own list of proving keys and the files it describes. */
  manifest: Manifest;
  artifacts: FetchFile;
  graceMinimum: number;
  policy: Policy;
  /** Asked before anything that cannot be taken back. */
  clock: ClockWatch;
  /** One line an event: ids, numbers and codes, never what people wrote or who they are. */
  log: (line: string) => void;
  /**
   * Lets timers and answers have their turn, and waits for an erasing that has begun: long work calls it between its pieces.
   * @throws when the trustee is to stop
   */
  pause: () => Promise<void>;
};

export type Duty = {
  id: Hex32;
  context: StatementContext;
  journal: Journal;
  /** The first message seen of each kind, author and dealer; the trustee's own are among them from the start. */
  keyMessages: Map<string, KeyMessage>;
  keyed: Keyed | null;
  verificationKey: VerificationKey;
  /** Null until the log of verified checkpoints was read, and when a refused entry has spoilt it. */
  view: BoardView | null;
  /** Whether the platform had more of the board than one turn allows. */
  isBehind: boolean;
  /** Whether the board was shorter at the last look than this trustee knows it. */
  isShort: boolean;
  /** Cosignatures of others that may still matter; checked when a wave waits for them. */
  cosignatures: { message: Cosignature; isGood?: boolean }[];
  /** The numbers of the waves that were opened. */
  opened: Set<number>;
  /** How far the platform's list of messages was read, and the epoch of that cursor; null before the first time. */
  cursor: number;
  epoch: Hex32 | null;
  /** What the platform has taken, or refused for good, since this process started. */
  delivered: Set<string>;
  /** How many messages of key generation there were when they were judged last. */
  judged: number;
  /** What went wrong last, so that it is told once. */
  fault: string | null;
  failures: number;
  /** When it is looked at next. */
  retryAt: number;
  /** How often in a row there was nothing new, and the round in which it was looked at last. */
  idle: number;
  lastRound: number;
  /** Whether the secrets of key generation are known to be erased. */
  hasNoSecrets: boolean;
};

/** The group in whose name a statement has its turn among those of others. */
export function groupOf(statement: Statement): Hex32 {
  return statement.rolls[0]?.group ?? '';
}

export function authorOf(trustee: TrusteeContext, duty: Duty): Author {
  return { context: duty.context, trustee: duty.journal.trustee, seed: trustee.identity.seed };
}

/** How the platform's messages of key generation are told apart: one of a kind, author and dealer counts. */
export function slotOf(message: KeyMessage): string {
  return `${message.type}/${message.trustee}/${message.type === 'complaint' ? message.dealer : ''}`;
}

/** Writes a change of the journal and only then lets the rest of the trustee see it. */
export async function saveJournal(trustee: TrusteeContext, duty: Duty, change: Partial<Journal>): Promise<void> {
  const journal = { ...duty.journal, ...change };
  await writeStored(trustee.disk, fileOf(duty.id, 'journal.json'), journal, journalShape);
  duty.journal = journal;
}

export function logAbout(trustee: TrusteeContext, id: Hex32, text: string): void {
  trustee.log(`statement ${id.slice(0, 12)}: ${text}`);
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
  const own = journal.messages.filter((message): message is KeyMessage => message.type !== 'destroyed');
  return {
    id,
    context: context.value,
    journal,
    keyMessages: new Map(own.map((message) => [slotOf(message), message])),
    keyed: journal.stage === 'keyed' ? await loadKeyed(trustee, context.value, journal) : null,
    verificationKey: key.value,
    view: null,
    isBehind: false,
    isShort: false,
    cosignatures: [],
    opened: new Set(listOpened(await trustee.disk.list(folderOf(id)))),
    cursor: 0,
    epoch: null,
    delivered: new Set(),
    judged: -1,
    fault: null,
    failures: 0,
    retryAt: 0,
    idle: 0,
    lastRound: 0,
    hasNoSecrets: false,
  };
}

async function loadKeyed(trustee: TrusteeContext, context: StatementContext, journal: Journal): Promise<Keyed> {
  const file = await readStored(trustee.disk, fileOf(context.id, 'key.json'), keyFileShape);
  const state = judgeKeyGeneration(context, file?.messages ?? []);
  if (state.status !== 'keyed' || state.transcript !== journal.transcript)
    throw new Error(`The keystore's key of statement ${context.id} is not the one that was confirmed.`);
  return state;
}
