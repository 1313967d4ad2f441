// Work that takes long, off the main thread: given up as soon as nobody wants it any more
import { RoomError } from '#lib/room/room.ts';
import type { TrusteeJobs } from './jobs.ts';
import type { TrusteeRoom } from './trustee-room.ts';

type JobName = keyof TrusteeJobs;
type Input<N extends JobName> = TrusteeJobs[N]['input'];
type Output<N extends JobName> = TrusteeJobs[N]['output'];
type News<N extends JobName> = TrusteeJobs[N] extends { news: infer Told } ? Told : never;

/** Jobs of a trustee. @throws RoomError when its thread is lost; the reason why the trustee is to stop */
export type LongWork = {
  run<N extends JobName>(job: N, input: Input<N>): Promise<Output<N>>;
  /**
   * The same as long as `isWanted`, which is asked whenever the clock is looked at, and once it is done.
   * @returns null when it is given up, or what came of it is not wanted any more
   */
  runWhile<N extends JobName>(
    isWanted: () => boolean,
    job: N,
    input: Input<N>,
    onNews?: (news: News<N>) => void,
  ): Promise<Output<N> | null>;
  /** Ends what nobody wants any more, in the middle of whatever it does. */
  giveUp(): void;
};

/** `pause` is that of the trustee's context: after each job it waits for an erasing that has begun. */
export function createLongWork(room: TrusteeRoom, pause: () => Promise<void>, stopping?: AbortSignal): LongWork {
  const running = new Set<{ isWanted: () => boolean; end: AbortController }>();
  const runWhile: LongWork['runWhile'] = async (isWanted, job, input, onNews) => {
    stopping?.throwIfAborted();
    if (!isWanted()) return null;
    const one = { isWanted, end: new AbortController() };
    const stop = () => one.end.abort();
    running.add(one);
    stopping?.addEventListener('abort', stop, { once: true });
    try {
      const output = await room.run(job, input, { signal: one.end.signal, onNews: onNews as never });
      await pause();
      return isWanted() ? output : null;
    } catch (error) {
      if (!(error instanceof RoomError) || error.code !== 'CANCELLED') throw error;
      await pause();
      return null;
    } finally {
      running.delete(one);
      stopping?.removeEventListener('abort', stop);
    }
  };
  return {
    runWhile,
    run: async (job, input) => (await runWhile(() => true, job, input)) as Output<typeof job>,
    giveUp() {
      for (const { isWanted, end } of running) if (!isWanted()) end.abort();
    },
  };
}
