/**
 * Work that stops now and then, so that whoever does it can turn to something else in between, or give it up. It depends on
 * nothing but its input: it may be finished at once or hours later.
 */
export type Steps<T> = Generator<void, T>;

/** Does all of it at once. */
export function finishSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
