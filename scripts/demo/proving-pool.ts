import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Proof } from '#lib/protocol/board/signature.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { ProofJob, Prover } from '#lib/signing/make-entry.ts';
import { runtimeEnv } from '../instance/runtime.ts';

type Result = Checked<Proof, 'PROOF_OTHER' | 'PROOF_INVALID'>;
type Answer = { number: number } & ({ result: Result } | { message: string });

export type ProvingPool = { size: number; prove: Prover; close(): void };

/** Proves on every core of this machine, or on fewer, one proof a process at a time. */
export function startProvingPool(size = availableParallelism()): ProvingPool {
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
  const queue: { number: number; job: ProofJob }[] = [];
  const idle: ChildProcess[] = [];
  let count = 0;
  const giveWork = () => {
    while (queue.length > 0 && idle.length > 0) idle.pop()?.send(queue.shift() as { number: number; job: ProofJob });
  };
  const settle = (prover: ChildProcess, answer: Answer) => {
    const one = waiting.get(answer.number);
    waiting.delete(answer.number);
    if ('result' in answer) one?.resolve(answer.result);
    else one?.reject(new Error(answer.message));
    idle.push(prover);
    giveWork();
  };
  const failAll = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  const provers = Array.from({ length: size }, () => {
    const prover = fork(new URL('./proving-process.ts', import.meta.url), {
      env: runtimeEnv(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    prover.on('message', (answer) => settle(prover, answer as Answer));
    prover.on('exit', () => failAll('A proving process has ended.'));
    return prover;
  });
  for (const prover of provers) idle.push(prover);
  return {
    size,
    prove: (job) => {
      const answer = Promise.withResolvers<Result>();
      const number = ++count;
      waiting.set(number, answer);
      queue.push({ number, job });
      giveWork();
      return answer.promise;
    },
    close: () => {
      for (const prover of provers) if (prover.connected) prover.disconnect();
    },
  };
}
