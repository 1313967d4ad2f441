import type { TrusteeRoom } from '#lib/trustee/trustee-room.ts';

/** The same room; it counts the proofs that are given to it to be checked. */
export function countProofs(room: TrusteeRoom, counter: { proofs: number }): TrusteeRoom {
  return {
    close: () => room.close(),
    run: (job, input, options) => {
      if ('batch' in input) counter.proofs += input.batch.length;
      return room.run(job, input, options);
    },
  };
}
