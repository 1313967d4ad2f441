import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Checked } from '../../lib/protocol/checked.ts';
import type { Proof } from '../../lib/protocol/signature.ts';
import type { ProofJob, Prover } from '../../lib/signing/make-entry.ts';

type Answer = { number: number } & ({ result: Checked<Proof, 'PROOF_OTHER' | 'PROOF_INVALID'> } | { message: string });
type Waiting = { resolve: (result: Checked<Proof, 'PROOF_OTHER' | 'PROOF_INVALID'>) => void; reject: (error: Error) => void };

export type ProvingPool = { size: number; prove: Prover; close(): Promise<void> };

/** Proves on every core of this machine, one proof a thread at a time. */
export function startProvingPool(verificationKey: string): ProvingPool {
  const size = availableParallelism();
  const waiting = new Map<number, Waiting>();
  const idle: Worker[] = [];
  const queue: { number: number; job: ProofJob }[] = [];
  let count = 0;
  const giveWork = () => {
    while (queue.length > 0 && idle.length > 0) idle.pop()?.postMessage(queue.shift());
  };
  const settle = (worker: Worker, answer: Answer) => {
    const one = waiting.get(answer.number);
    waiting.delete(answer.number);
    if ('result' in answer) one?.resolve(answer.result);
    else one?.reject(new Error(answer.message));
    idle.push(worker);
    giveWork();
  };
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(new URL('./proving-thread.ts', import.meta.url), { workerData: { verificationKey } });
    worker.on('message', (answer: Answer) => settle(worker, answer));
    worker.on('error', failAll);
    return worker;
  });
  idle.push(...workers);
  return {
    size,
    prove: (job) => {
      const { promise, resolve, reject } = Promise.withResolvers<Checked<Proof, 'PROOF_OTHER' | 'PROOF_INVALID'>>();
      const number = ++count;
      waiting.set(number, { resolve, reject });
      queue.push({ number, job });
      giveWork();
      return promise;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
      failAll(new Error('closed'));
    },
  };
}
