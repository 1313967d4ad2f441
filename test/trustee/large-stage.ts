import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApi } from '#lib/api/client.ts';
import { createDisk } from '#lib/host/disk.ts';
import { describeEntry } from '#lib/host/log.ts';
import { headOf } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { MixStep } from '#lib/protocol/reveal/mix.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { readIdentity } from '#lib/trustee/keystore.ts';
import { limitFetch } from '#lib/trustee/platform-calls.ts';
import { startTrustee } from '#lib/trustee/trustee.ts';
import type { TrusteeRoom } from '#lib/trustee/trustee-room.ts';
import { makeBenchManifest } from '#scripts/bench/bench-manifest.ts';
import { countProofs } from '#scripts/bench/count-proofs.ts';
import { makeKeystore } from '#scripts/bench/make-keystore.ts';
import { BENCH_SETUP, makeBenchKey } from '#scripts/make-record/bench-key.ts';
import { createBenchSigner } from '#scripts/make-record/sign-entries.ts';
import { BEGIN, type MadeCommittee, type MadeGroup, makeCommittee, makeGroups, makeStatement } from '#scripts/make-record/stage.ts';
import { seeded } from '../circuits/signer.ts';
import type { HeldCheckpoint } from '../support/held-statements.ts';
import { type LoopbackBoard, startLoopbackBoard } from '../support/loopback-board.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { announceFetch, announceFiles, type OnStep } from './crash-points.ts';
import { roomHere } from './room-here.ts';
import type { Actor } from './stage.ts';

/** A board with more signatures than anybody can prove in a test, under a key that allows forging them, which only this stage lists. */
export type LargeStage = {
  clock: { now: number };
  board: LoopbackBoard;
  context: StatementContext;
  committee: MadeCommittee;
  keyed(): Keyed;
  steps(): MixStep[];
  /** Publishes a checkpoint with the signatures of these members. */
  publish(from: number, to: number): Promise<void>;
  /** Another trustee's word for the newest checkpoint. */
  cosign(trustee: number): Promise<void>;
  /** Starts the first trustee on a keystore of that name, fresh at its first use, or starts it again. It counts the proofs that it checks. */
  start(keystore: string, options?: { onStep?: OnStep; stopping?: AbortSignal; room?: TrusteeRoom }): Promise<Actor & { proofs: number }>;
  close(): Promise<void>;
};

export async function setLargeStage(members: number, needed: number, seed: string): Promise<LargeStage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'large-board-'));
  const random = seeded(seed);
  const bench = await makeBenchKey();
  const { manifest, text } = await makeBenchManifest(bench);
  const groups = makeGroups(members, random);
  const seeds = [random(32), random(32), random(32), random(32)];
  const key = { verificationKey: bench.hash, setup: BENCH_SETUP };
  const context = makeStatement(groups, { count: needed }, PLATFORM_SEED, seeds, key, random);
  const committee = makeCommittee(context, seeds, random);
  const clock = { now: BEGIN };
  const board = await startLoopbackBoard(() => clock.now, context.statement.platform);
  board.open(context, []);
  for (const message of committee.messages) await board.api.postMessage(context.id, message);
  const sign = createBenchSigner(bench, random);
  return {
    ...{ clock, board, context, committee, keyed: () => committee.keyed, steps: () => board.steps(context.id) },
    async publish(from, to) {
      for (let member = from; member < to; member++) {
        const entry = await sign(context, committee.keyed, groups[0] as MadeGroup, member);
        board.submit({ entry, salt: createListingSalt(random) });
      }
      board.publish(context.id);
    },
    async cosign(trustee) {
      const { checkpoint } = board.board(context.id).at(-1) as HeldCheckpoint;
      await board.api.postMessage(context.id, signCosignature(committee.authors[trustee - 1] as Author, headOf(checkpoint)));
    },
    async start(keystore, { onStep = () => {}, stopping, room } = {}) {
      const place = path.join(folder, keystore);
      if (!existsSync(place)) await makeKeystore(createDisk(place), committee, 1);
      const disk = createDisk(place, announceFiles(onStep));
      const identity = await readIdentity(disk);
      if (!identity) throw new Error('no identity');
      const lines: string[] = [];
      const actor = { folder: place, lines, proofs: 0 };
      const drawn = seeded(`${seed} trustee`);
      const trustee = await startTrustee({
        ...{ disk, identity, manifest, graceMargin: 60 },
        api: createApi(board.url, limitFetch(announceFetch(onStep))),
        now: () => clock.now,
        monotonic: () => clock.now,
        random: drawn,
        room: countProofs(room ?? roomHere(drawn), actor),
        artifacts: async () => new TextEncoder().encode(text),
        log: (entry) => void lines.push(describeEntry(entry)),
        ...(stopping ? { stopping } : {}),
      });
      return Object.assign(actor, { trustee });
    },
    close: async () => {
      await board.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
