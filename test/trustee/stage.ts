import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApi } from '#lib/api/client.ts';
import type { Fetch } from '#lib/api/request.ts';
import { createDisk, type FileCalls } from '#lib/host/disk.ts';
import { describeEntry, type LogEntry } from '#lib/host/log.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey, type Manifest } from '#lib/proof/manifest.ts';
import { checkpointHash } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { MixStep } from '#lib/protocol/reveal/mix.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { createKeystore, readIdentity } from '#lib/trustee/keystore.ts';
import { limitFetch } from '#lib/trustee/platform-calls.ts';
import { startTrustee, type Trustee, type TrusteeSettings } from '#lib/trustee/trustee.ts';
import type { TrusteeRoom } from '#lib/trustee/trustee-room.ts';
import { seeded } from '../circuits/signer.ts';
import { type LoopbackBoard, startLoopbackBoard } from '../support/loopback-board.ts';
import { signOnce } from '../support/recorded-entries.ts';
import { type Committee, createCommittee, createGroup, createStatement, PLATFORM_SEED, type TestGroup } from '../support/world.ts';
import { roomHere } from './room-here.ts';

/** When every story begins: before openBy of the statements that test/support/world.ts makes. */
export const START = 1_800_000_000;

export type Actor = {
  folder: string;
  trustee: Trustee;
  lines: string[];
};

/** A platform on the loopback interface, a clock that the test turns, a statement and its committee. */
export type Stage = {
  clock: { now: number };
  board: LoopbackBoard;
  group: TestGroup;
  committee: Committee;
  context: StatementContext;
  manifest: Manifest;
  /** Where the keystore of a trustee (from 1) lies; made on the first call. */
  keystoreOf(trustee: number): Promise<string>;
  /** Starts a trustee, or starts it again on what its keystore holds. */
  start(
    trustee: number,
    options?: { files?: FileCalls; fetch?: Fetch } & Partial<
      Pick<TrusteeSettings, 'graceMargin' | 'policy' | 'consent' | 'now' | 'monotonic' | 'random' | 'room'>
    >,
  ): Promise<Actor>;
  messagesOf<Type extends TrusteeMessage['type']>(type: Type): Extract<TrusteeMessage, { type: Type }>[];
  /** Steps with their lists, as the platform shows them. */
  steps(): MixStep[];
  keyed(): Keyed;
  sign(member: number, said?: Partial<Said>): Promise<void>;
  close(): Promise<void>;
};

type Options = { size?: number; threshold?: number; trigger?: Trigger; change?: Partial<Statement>; seed?: string };

export async function setStage(options: Options = {}): Promise<Stage> {
  const { size = 4, threshold = 2, trigger = { count: 2 }, change, seed = 'stage' } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'trustees-'));
  const random = seeded(seed);
  const loaded = await loadManifest(readFromDisk());
  if (!loaded.ok) throw new Error(loaded.code);
  const manifest = loaded.value;
  const { verificationKey, transcript } = currentKey(manifest);
  const clock = { now: START };
  const board = await startLoopbackBoard(() => clock.now, publicKeyOf(PLATFORM_SEED));
  const group = createGroup('Sailors', ['Ann Example', 'Ben Beispiel', 'Chloé Exemple', 'Dana Przykład'], random);
  const committee = createCommittee(size, threshold, random);
  const context = createStatement([group], committee, trigger, {
    verificationKey,
    setup: transcript,
    random,
    ...(change ? { change } : {}),
  });
  board.open(context, [group]);

  const keystoreOf = (trustee: number) => makeKeystore(folder, committee, trustee);
  const start: Stage['start'] = (trustee, { files, fetch: send = fetch, graceMargin = 60, ...rest } = {}) => {
    const api = createApi(board.url, limitFetch(send));
    return startActor({
      folder,
      committee,
      trustee,
      files,
      api,
      now: () => clock.now,
      random: seeded(`${seed} trustee ${trustee}`),
      manifest,
      graceMargin,
      ...rest,
    });
  };
  const messagesOf: Stage['messagesOf'] = (type) =>
    board.messages(context.id).filter((message): message is Extract<TrusteeMessage, { type: typeof type }> => message.type === type);
  const keyed = () => board.keyed(context.id);
  return {
    ...{ clock, board, group, committee, context, manifest, keystoreOf, start, messagesOf, keyed },
    steps: () => board.steps(context.id),
    sign: async (member, said = {}) => {
      const all = { action: 'sign', group: group.id, ...said } as Said;
      const entry = await signOnce(context, keyed().key, group, member, all);
      board.submit({ entry, salt: createListingSalt(random) });
    },
    close: async () => {
      await board.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeKeystore(folder: string, committee: Committee, trustee: number): Promise<string> {
  const place = path.join(folder, String(trustee));
  const ownSeed = committee.seeds[trustee - 1] as Uint8Array;
  await createKeystore(createDisk(place), { name: `Trustee ${trustee}`, contact: 'by post' }, () => ownSeed);
  return place;
}

type ActorOptions = Pick<TrusteeSettings, 'api' | 'now' | 'random' | 'manifest' | 'graceMargin' | 'policy' | 'consent' | 'monotonic'> & {
  room?: TrusteeRoom | undefined;
  folder: string;
  committee: Committee;
  trustee: number;
  files?: FileCalls | undefined;
};

/** Starts a trustee of a committee of test/support/world.ts on its keystore below a folder. */
export async function startActor({ folder, committee, trustee, files, ...rest }: ActorOptions): Promise<Actor> {
  const place = await makeKeystore(folder, committee, trustee);
  const disk = createDisk(place, files);
  const identity = await readIdentity(disk);
  if (!identity) throw new Error('no identity');
  const lines: string[] = [];
  const log = (entry: LogEntry) => void lines.push(describeEntry(entry));
  return {
    folder: place,
    lines,
    trustee: await startTrustee({
      monotonic: rest.now,
      room: roomHere(rest.random),
      ...rest,
      disk,
      identity,
      artifacts: readFromDisk(),
      log,
    }),
  };
}

/** Rounds of several trustees in turn, as many as a key generation takes. */
export async function runRounds(actors: readonly Actor[], rounds = 4): Promise<void> {
  for (let round = 0; round < rounds; round++) for (const { trustee } of actors) await trustee.runRound();
}

/** Starts all four, or these, of a stage's trustees. */
export async function startAll(stage: Stage, trustees: readonly number[] = [1, 2, 3, 4]): Promise<Actor[]> {
  const actors: Actor[] = [];
  for (const trustee of trustees) actors.push(await stage.start(trustee));
  return actors;
}

/** A trustee's word for the newest checkpoint, as if it were up and went down at once. */
export async function vouch({ context, board, committee }: Stage, trustee: number): Promise<void> {
  const shown = board.board(context.id);
  const head = { number: shown.length, hash: checkpointHash(shown.at(-1)!.checkpoint) };
  const author = { context, trustee, seed: committee.seeds[trustee - 1] as Uint8Array };
  await board.api.postMessage(context.id, signCosignature(author, head));
}

/** Rounds with the seconds between them in which turns of a mix come. */
export async function runSeconds(stage: Stage, actors: readonly Actor[], seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await runRounds(actors, 1);
    stage.clock.now += 1;
  }
}
