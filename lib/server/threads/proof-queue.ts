import 'server-only';
import type { Proof } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { AppError } from '../errors.ts';
import { createMemo } from '../memo.ts';
import { createFairLine, type Waiter } from './fair-line.ts';
import type { ThreadPool } from './thread-pool.ts';

/** A proof to be checked. `name` stands for all of it: the hash of its entry. `work` is what its sender has done to be heard. */
export type QueuedProof = Waiter & { name: Hex32; verificationKey: Hex32; proof: Proof; publicSignals: Field[] };

export type ProofQueue = {
  /**
   * Whether a proof holds. Proofs that wait together are checked together, which costs a fraction of checking each. The same one
   * is not checked twice: neither while it waits, nor again soon after it has failed.
   * @throws AppError BUSY, with the work to be done, when there is no room for it
   */
  check(toCheck: QueuedProof): Promise<boolean>;
  /** Proofs that wait for a thread. */
  readonly waiting: number;
  /** What was checked since the process began, and the seconds that threads took for it. */
  readonly spent: { proofs: number; seconds: number };
};

type Item = QueuedProof & { resolve: (holds: boolean) => void; reject: (error: unknown) => void };

const BATCH = 64;
/** Proofs that are checked in a second on one thread: what the time to come back is reckoned from. */
const PER_SECOND = 200;
/** Failed ones that are remembered: to send so many again costs the work of making each of them. */
const REMEMBERED = 20_000;

/**
 * A bounded queue before the threads that check proofs, so that junk cannot starve the site: when it is full, whoever has done least
 * is told when to come again, and with how much work (see `createFairLine`).
 */
export function createProofQueue(pool: ThreadPool, threads: number, limit: number): ProofQueue {
  const line = createFairLine<Item>(limit);
  const checking = new Map<Hex32, Promise<boolean>>();
  const failed = createMemo<true>(REMEMBERED);
  let running = 0;
  const spent = { proofs: 0, seconds: 0 };

  const next = (): void => {
    while (running < threads && line.length > 0)
      void runBatch(line.take(BATCH, (first, other) => first.verificationKey === other.verificationKey));
  };

  const runBatch = async (batch: Item[]): Promise<void> => {
    running++;
    const judge = async (): Promise<Set<number>> => {
      const items = batch.map(({ proof, publicSignals }) => ({ proof, publicSignals }));
      return new Set(await pool.run('verifyProofs', { verificationKey: (batch[0] as Item).verificationKey, items }));
    };
    const began = performance.now();
    try {
      const bad = await judge().finally(() => {
        spent.proofs += batch.length;
        spent.seconds += (performance.now() - began) / 1_000;
        running--;
        next();
      });
      for (const [i, item] of batch.entries()) {
        item.resolve(!bad.has(i));
        // Whoever waits goes on with milliseconds of work: others are let in between, so that no page waits for a whole batch.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      for (const item of batch) item.reject(error);
    }
  };

  const wait = async (toCheck: QueuedProof): Promise<boolean> => {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const full = line.enter({ ...toCheck, resolve, reject });
    full?.away.reject(new AppError('BUSY', undefined, Math.ceil(limit / PER_SECOND) + 1, full.work));
    next();
    const holds = await promise;
    if (!holds) failed.set(toCheck.name, true);
    return holds;
  };

  return {
    spent,
    get waiting() {
      return line.length;
    },
    check(toCheck) {
      const { name } = toCheck;
      if (failed.get(name)) return Promise.resolve(false);
      const known = checking.get(name);
      if (known) return known;
      const check = wait(toCheck).finally(() => checking.delete(name));
      checking.set(name, check);
      return check;
    },
  };
}
