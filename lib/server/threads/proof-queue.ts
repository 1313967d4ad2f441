import 'server-only';
import type { Proof } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { AppError } from '../errors.ts';
import type { ThreadPool } from './thread-pool.ts';

export type ProofQueue = {
  /**
   * Whether a proof holds. Proofs that wait together are checked together, which costs a fraction of checking each.
   * @throws AppError BUSY when the queue is full
   */
  check(verificationKey: Hex32, proof: Proof, publicSignals: Field[]): Promise<boolean>;
};

type Item = {
  verificationKey: Hex32;
  proof: Proof;
  publicSignals: Field[];
  resolve: (holds: boolean) => void;
  reject: (error: unknown) => void;
};

const BATCH = 64;
/** Proofs that are checked in a second on one thread: what the time to come back is reckoned from. */
const PER_SECOND = 200;

/**
 * A bounded queue before the threads that check proofs, so that junk cannot starve the site: when it is full, whoever comes
 * is told when to come again.
 */
export function createProofQueue(pool: ThreadPool, threads: number, limit: number): ProofQueue {
  const waiting: Item[] = [];
  let running = 0;

  const next = (): void => {
    while (running < threads && waiting.length > 0) void runBatch(takeBatch(waiting));
  };

  const runBatch = async (batch: Item[]): Promise<void> => {
    running++;
    const judge = async (): Promise<Set<number>> => {
      const items = batch.map(({ proof, publicSignals }) => ({ proof, publicSignals }));
      return new Set(await pool.run('verifyProofs', { verificationKey: (batch[0] as Item).verificationKey, items }));
    };
    try {
      const bad = await judge().finally(() => {
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

  return {
    check(verificationKey, proof, publicSignals) {
      if (waiting.length >= limit) return Promise.reject(new AppError('BUSY', undefined, Math.ceil(limit / PER_SECOND) + 1));
      return new Promise((resolve, reject) => {
        waiting.push({ verificationKey, proof, publicSignals, resolve, reject });
        next();
      });
    },
  };
}

/** The first that waits, and those behind it under the same key. */
function takeBatch(waiting: Item[]): Item[] {
  const { verificationKey } = waiting[0] as Item;
  const batch: Item[] = [];
  const rest: Item[] = [];
  for (const item of waiting.splice(0)) (batch.length < BATCH && item.verificationKey === verificationKey ? batch : rest).push(item);
  waiting.push(...rest);
  return batch;
}
