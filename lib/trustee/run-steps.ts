import type { Steps } from '#lib/protocol/messages/steps.ts';
import type { TrusteeContext } from './context.ts';

/**
 * Does long work with a pause after each of its steps, in which the clock gets its turn.
 * @returns null when `mayGoOn` has said no after a step: the work is given up
 */
export async function runSteps<T>(trustee: TrusteeContext, steps: Steps<T>, mayGoOn: () => boolean): Promise<T | null> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await trustee.pause();
    if (!mayGoOn()) return null;
  }
}
