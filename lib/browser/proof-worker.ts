import 'client-only';
import type { JobOptions, WorkRoom } from '#lib/room/room.ts';
import { createWebRoom } from '#lib/room/web-room.ts';
import type { Prover } from '#lib/signing/make-entry.ts';
import type { ProvingJobs, ProvingReport } from './proving-worker.ts';
import { orReason } from './work-apart.ts';

/** For fetching 8 MB and for making a proof, on a slow line and on a slow phone. */
const TIME_LIMIT_MS = 480_000;

/** A fifth would win nothing: the witness and the quotient with its sum, a quarter of the rest, are not divided. */
const MOST_WORKERS = 4;

export type ProofOptions = JobOptions<ProvingReport>;

/**
 * Makes proofs off the page's thread, on as many cores as there are, up to four. It holds 8 MB of files and, while it works, some
 * 90 MB, with the library 200, and 25 for each helper: `close` it when the signature is made. Aborting ends the workers at once; the
 * next call starts others.
 */
export class ProofWorker {
  private room: WorkRoom<ProvingJobs> | null = null;

  /** Fetches and checks the proving files ahead of time, while the person reads. A proof that is asked for meanwhile waits. */
  async prepare(verificationKey: string, options: ProofOptions = {}): Promise<void> {
    await orReason(options.signal, this.open().run('prepare', verificationKey, options));
  }

  /** For `makeEntry`. @throws the signal's reason, or RoomError */
  prover(options: ProofOptions = {}): Prover {
    return (job) => orReason(options.signal, this.open().run('prove', job, options));
  }

  /** Ends the worker; whoever waits for it gets RoomError CLOSED. */
  close(): void {
    void this.room?.close();
    this.room = null;
  }

  private open(): WorkRoom<ProvingJobs> {
    const start = () => new Worker(new URL('./proving-worker.ts', import.meta.url), { type: 'module' });
    const startHelper = () => new Worker(new URL('./summing-worker.ts', import.meta.url), { type: 'module' });
    const helpers = { start: startHelper, count: Math.min(MOST_WORKERS, navigator.hardwareConcurrency) - 1 };
    this.room ??= createWebRoom<ProvingJobs>({ start, helpers, hands: 1, timeLimitMs: TIME_LIMIT_MS });
    return this.room;
  }
}
