import type { JobHandlers } from '#lib/room/jobs.ts';
import { SUM_DEGREES, type SumName, type SumToDo } from './divide-sums.ts';
import { type Affine, type Kernel, startKernel } from './kernel.ts';

export interface MadeSum {
  readonly of: SumName;
  readonly point: Affine;
}

/** What a proof has done by other threads. The scalars are secret, and so is what comes of them. */
export type SumJobs = { sums: { input: readonly SumToDo[]; output: MadeSum[] } };

/** The side of such a thread, which starts its kernel at once. It keeps nothing of a job: scalars and memory are overwritten. */
export function createSumJobs(starting: Promise<Kernel | null> = startKernel()): JobHandlers<SumJobs> {
  starting.catch(() => {}); // a job will tell
  return {
    sums: async (parts) => {
      const kernel = await starting;
      if (!kernel) throw new Error('This engine has no WebAssembly that sums can be made with.');
      try {
        return parts.map(({ of, ...part }) => ({ of, point: kernel.sum(SUM_DEGREES[of], [part]) }));
      } finally {
        kernel.wipe();
        for (const { scalars } of parts) scalars.fill(0);
      }
    },
  };
}
