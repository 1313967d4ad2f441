import 'client-only';
import type { Prover } from '#lib/signing/make-entry.ts';
import type { ProvingReport, ProvingRequest, ProvingResult } from './proving-worker.ts';
import { callWorker } from './worker-call.ts';

const FETCHING_LIMIT_MS = 300_000;
const PROVING_LIMIT_MS = 180_000;

export type WorkerOptions = { signal?: AbortSignal; onReport?: (report: ProvingReport) => void };

/**
 * Makes proofs off the page's thread. It holds 8 MB of files and, while it works, some 200 MB: `close` it when the signature
 * is made. Aborting ends the worker at once; the next call starts another.
 */
export class ProofWorker {
  private running: { worker: Worker; ended: AbortController } | null = null;

  /** Fetches and checks the proving files ahead of time, while the person reads. */
  async prepare(verificationKey: string, options: WorkerOptions = {}): Promise<void> {
    await this.call({ type: 'prepare', verificationKey }, options, FETCHING_LIMIT_MS);
  }

  /** For `makeEntry`. @throws the signal's reason, a TimeoutError, or an Error with a sentence */
  prover(options: WorkerOptions = {}): Prover {
    return async (job) => {
      const result = await this.call({ type: 'prove', job }, options, FETCHING_LIMIT_MS + PROVING_LIMIT_MS);
      if (result === null) throw new TypeError('the worker answered another request');
      return result;
    };
  }

  /** Ends the worker; whoever waits for it gets the reason. */
  close(reason: unknown = new Error('The work was ended.')): void {
    this.running?.worker.terminate();
    this.running?.ended.abort(reason);
    this.running = null;
  }

  private async call(request: ProvingRequest, options: WorkerOptions, timeoutMs: number): Promise<ProvingResult> {
    const running = this.running ?? this.start();
    const signal = options.signal ? AbortSignal.any([options.signal, running.ended.signal]) : running.ended.signal;
    try {
      return await callWorker<ProvingRequest, ProvingReport, ProvingResult>(running.worker, request, { ...options, signal, timeoutMs });
    } catch (error) {
      if (this.running === running) this.close(error);
      throw error;
    }
  }

  private start() {
    const worker = new Worker(new URL('./proving-worker.ts', import.meta.url), { type: 'module' });
    this.running = { worker, ended: new AbortController() };
    return this.running;
  }
}
