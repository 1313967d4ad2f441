import 'client-only';
import type { JobOptions, WorkRoom } from '#lib/room/room.ts';
import { createWebRoom } from '#lib/room/web-room.ts';
import type { Prover } from '#lib/signing/make-entry.ts';
import type { ProvingJobs, ProvingReport } from './proving-worker.ts';
import { orReason } from './work-apart.ts';

/** For fetching 8 MB and for making a proof, on a slow line and on a slow phone. */
const TIME_LIMIT_MS = 480_000;

export type ProofOptions = JobOptions<ProvingReport>;

/**
 * Makes proofs off the page's thread. It holds 8 MB of files and, while it works, some 200 MB: `close` it when the signature
 * is made. Aborting ends the worker at once; the next call starts another.
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
    this.room ??= createWebRoom<ProvingJobs>({ start, hands: 1, timeLimitMs: TIME_LIMIT_MS });
    return this.room;
  }
}
