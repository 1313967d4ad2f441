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

/** `make` of each item, with a stop after every `piece` of them. */
export function* mapInSteps<A, B>(items: readonly A[], piece: number, make: (item: A, index: number) => B): Steps<B[]> {
  const made: B[] = [];
  for (const [i, item] of items.entries()) {
    made.push(make(item, i));
    if ((i + 1) % piece === 0) yield;
  }
  return made;
}
