import 'server-only';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { connect, type Database } from '#db/client.ts';
import { createProbe, type Probe } from '#db/probe.ts';
import { type ClockWatch, createClockWatch } from '#lib/host/clock-watch.ts';
import { readSeedFile } from '#lib/host/read-seed.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { TrusteePolicy } from '#lib/protocol/permit/trustee-policy.ts';
import { type PlatformSuccessor, signPlatformSuccessor } from '#lib/protocol/statement/platform-successor.ts';
import type { StatementContext, TrusteeDescriptor } from '#lib/protocol/statement/statement.ts';
import type { Follower } from './board/read-so-far.ts';
import { type CeremonyDesk, openDesk } from './ceremony/open-desk.ts';
import { createDomainPorts, type DomainPlaces, type DomainPorts } from './domains/domain-ports.ts';
import type { CeremonySettings, Env, MailSettings, NewIssuers } from './env.ts';
import type { StatementFeed } from './feeds/feed.ts';
import { readTrusteesFile } from './instance/trustees-file.ts';
import { logEntry } from './log.ts';
import { createPostOffice, type PostOffice } from './mail/post-office.ts';
import { createMemo, type Memo } from './memo.ts';
import { type Operator, readImprint } from './operator.ts';
import { createEntryWriter, type EntryWriter } from './signatures/entry-writer.ts';
import { createLines, type Lines } from './threads/lines.ts';
import { createMakingRoom, type MakingRoom } from './threads/making-room.ts';
import { createProofQueue, type ProofQueue } from './threads/proof-queue.ts';
import { createSlots, type Slots } from './threads/slots.ts';
import { createThreadPool, type ThreadPool } from './threads/thread-pool.ts';

/** What verbs work with. It knows nothing of who asks: verbs for issuers get the account as an argument. */
export type Context = {
  db: Database;
  /** One connection for upkeep that locks whole tables: it gives up where it would have to wait, since everybody else would wait behind it. */
  upkeep: Database;
  /** Unix seconds. */
  now(): number;
  /** Whether that may decide what cannot be taken back. */
  clock: ClockWatch;
  random: Random;
  /** The platform's Ed25519 seed and public key: what new statements name. */
  signingSeed: Uint8Array;
  platformKey: Hex32;
  /** Seeds of all its keys, by the keys: a statement keeps the one under which it was opened. See `platformSeedOf`. */
  seeds: ReadonlyMap<Hex32, Uint8Array>;
  /** Each key's word for the next, the oldest first. */
  successions: readonly PlatformSuccessor[];
  /** Keys the hashes of addresses: the oldest seed, so that accounts are found when the key changes. */
  accountSeed: Uint8Array;
  manifest: Manifest;
  /** The trustees that the operator suggests for committees: the list changes with its file. */
  trustees: readonly TrusteeDescriptor[];
  /** What these have signed that they take on, one of each at most; they change with the file. SPEC §5.12. */
  trusteePolicies: readonly TrusteePolicy[];
  publicUrl: string;
  trial: boolean;
  /** Seconds of grace below which those trustees take no part. */
  graceMargin: number;
  proofs: ProofQueue;
  storeEntry: EntryWriter;
  /** For work that takes long and can wait: openings, names, rolls. */
  threads: ThreadPool;
  /** A thread that checks signatures of long messages, before which strangers may cause nothing else. */
  strangers: ThreadPool;
  /** Who is at work on what, in this process. */
  slots: Slots;
  lines: Lines;
  /** Where long answers are made; strangers keep no trustee waiting. */
  making: Record<'committee' | 'public', MakingRoom>;
  /** Asks the database whether it answers, over a connection of its own. */
  probe: Probe;
  /** When each trustee last asked for what only committees read: its key, and Unix seconds at the beginning of a minute. */
  lastSeen: Map<Hex32, number>;
  newIssuers: NewIssuers;
  operator: Operator;
  mail: PostOffice;
  domains: DomainPorts;
  /** The setup ceremony that people can join here. */
  ceremony: CeremonyDesk | null;
  memo: {
    statements: Memo<StatementContext>;
    keys: Memo<KeyState>;
    followers: Memo<Follower>;
    wanted: Memo<true>;
    feeds: Memo<Promise<StatementFeed>>;
  };
  close(): Promise<void>;
};

export type ContextSettings = Pick<Env, 'databaseUrl' | 'publicUrl' | 'trial' | 'graceMargin' | 'newIssuers'> & {
  signingSeed: Uint8Array;
  /** Of keys that it followed, the newest first. */
  oldSeeds?: readonly Uint8Array[];
  trustees: readonly TrusteeDescriptor[];
  trusteePolicies?: readonly TrusteePolicy[];
  ceremony?: CeremonySettings | undefined;
  mail?: MailSettings | undefined;
  operator?: Operator;
  domains?: DomainPlaces;
  /** Proofs that may wait for a thread. */
  proofQueue?: number;
  /** Milliseconds between the moments at which entries are stored; 0 for at once. */
  entryTickMs?: number;
  now?: () => number;
  /** Seconds by a clock that nobody sets; where only `now` is given, that one is never set either. */
  monotonic?: () => number;
  random?: Random;
};

/** A signer waits for a few seconds anyway. */
const UPKEEP_LOCK_MS = 1_000;
const PROOF_QUEUE = 512;
const SLOW_QUEUE = 64;
/** A signer waits half of it; less than a web process that is asked to end has time for its requests. */
const ENTRY_TICK_MS = 5_000;
/** Signatures of long messages that may wait. Each takes a fraction of a second at most. */
const STRANGERS_QUEUE = 16;

/** Opens the database and prepares the threads; both start when first used. @throws Error when the manifest is not readable */
export async function createContext(settings: ContextSettings): Promise<Context> {
  const manifest = await loadManifest(readFromDisk());
  if (!manifest.ok) throw new Error(`circuits/artifacts/manifest.json: ${manifest.code}`);
  const ceremony = settings.ceremony ? await openDesk(settings.ceremony) : null;
  const mail = createPostOffice(settings.mail ?? null, settings.trial);
  const connection = connect(settings.databaseUrl);
  const upkeep = connect(settings.databaseUrl, 1, UPKEEP_LOCK_MS);
  const probe = createProbe(settings.databaseUrl);
  const proofThreads = Math.max(1, availableParallelism() - 1);
  const proofPool = createThreadPool({ hands: proofThreads, queue: proofThreads, timeLimitMs: 15_000 });
  const threads = createThreadPool({ hands: 1, queue: SLOW_QUEUE, timeLimitMs: 180_000 });
  const strangers = createThreadPool({ hands: 1, queue: STRANGERS_QUEUE, timeLimitMs: 10_000 });
  const now = settings.now ?? (() => Math.floor(Date.now() / 1000));
  const monotonic = settings.monotonic ?? settings.now ?? (() => performance.now() / 1000);
  return {
    db: connection.db,
    upkeep: upkeep.db,
    now,
    clock: createClockWatch({ now, monotonic, log: logEntry, heldBack: 'nothing is published or erased' }),
    random: settings.random ?? ((length) => new Uint8Array(randomBytes(length))),
    signingSeed: settings.signingSeed,
    ...describeKeys(settings.signingSeed, settings.oldSeeds ?? []),
    manifest: manifest.value,
    trustees: settings.trustees,
    trusteePolicies: settings.trusteePolicies ?? [],
    publicUrl: settings.publicUrl,
    trial: settings.trial,
    graceMargin: settings.graceMargin,
    proofs: createProofQueue(proofPool, proofThreads, settings.proofQueue ?? PROOF_QUEUE),
    storeEntry: createEntryWriter(connection.db, settings.entryTickMs ?? ENTRY_TICK_MS),
    threads,
    strangers,
    slots: createSlots(),
    lines: createLines(),
    making: { committee: createMakingRoom(), public: createMakingRoom() },
    probe,
    lastSeen: new Map(),
    newIssuers: settings.newIssuers,
    operator: settings.operator ?? { contact: null, imprint: null },
    mail,
    domains: createDomainPorts(settings.domains),
    ceremony,
    memo: {
      statements: createMemo(1_000),
      keys: createMemo(1_000),
      followers: createMemo(200),
      wanted: createMemo(1_000),
      feeds: createMemo(200),
    },
    close: async () => {
      await mail.settled();
      await Promise.all([ceremony?.close(), proofPool.close(), threads.close(), strangers.close()]);
      await Promise.all([connection.close(), upkeep.close(), probe.close()]);
    },
  };
}

function describeKeys(signingSeed: Uint8Array, oldSeeds: readonly Uint8Array[]) {
  const seeds = [...oldSeeds].reverse().concat(signingSeed); // the oldest first
  return {
    platformKey: publicKeyOf(signingSeed),
    seeds: new Map(seeds.map((seed) => [publicKeyOf(seed), seed])),
    successions: oldSeeds.map((_, i) => signPlatformSuccessor(seeds[i] as Uint8Array, seeds[i + 1] as Uint8Array)),
    accountSeed: seeds[0] as Uint8Array,
  };
}

/** The seed under whose key a statement was opened. @throws Error where this process does not have it */
export function platformSeedOf({ seeds }: Pick<Context, 'seeds'>, { statement }: Pick<StatementContext, 'statement'>): Uint8Array {
  const seed = seeds.get(statement.platform);
  if (!seed) throw new Error('a statement was opened under a platform key that PLATFORM_OLD_KEY_FILES does not name');
  return seed;
}

/**
 * Reads the platform's key, its suggested trustees and its imprint from the files that the settings name.
 * @throws Error naming the file that is missing, holds something else, or is a key that others may read
 */
export async function loadContext(env: Env): Promise<Context> {
  const signingSeed = await readSeedFile(env.platformKeyFile);
  const oldSeeds = await Promise.all(env.oldKeyFiles.map(readSeedFile));
  const suggested = env.trusteesFile ? await readTrusteesFile(env.trusteesFile) : { trustees: [] };
  const operator = { contact: env.operatorContact ?? null, imprint: env.imprintFile ? await readImprint(env.imprintFile) : null };
  return createContext({ ...env, signingSeed, oldSeeds, ...suggested, operator });
}
