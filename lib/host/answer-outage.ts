// Next makes an answer of status 500 of whatever a page fails of, and keeps the error to itself: what serves the answer learns here
// whether the cause was one that passes.
import { AsyncLocalStorage } from 'node:async_hooks';

type Answering = { hasOutage: boolean };

// Next bundles the start-up code apart, so a variable of this module would exist twice.
const shared = globalThis as { roundRobinAnswering?: AsyncLocalStorage<Answering> };
shared.roundRobinAnswering ??= new AsyncLocalStorage();
const answering = shared.roundRobinAnswering;

/** Makes one answer. `work` gets what tells, at any time, whether something has failed meanwhile that passes. */
export function watchAnswer<T>(work: (hasOutage: () => boolean) => T): T {
  const one: Answering = { hasOutage: false };
  return answering.run(one, () => work(() => one.hasOutage));
}

/** Of the answer that is being made. */
export function markOutage(): void {
  const one = answering.getStore();
  if (one) one.hasOutage = true;
}
