/** Does the same for every item, several at a time, and gives the results in the order of the items. */
export async function eachOf<T, R>(items: readonly T[], atOnce: number, act: (item: T, at: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const run = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await act(items[at] as T, at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, run));
  return results;
}

/** Asks again and again until there is an answer. @throws Error when there is none in time */
export async function waitFor<T>(what: string, patienceSeconds: number, ask: () => Promise<T | null>): Promise<T> {
  const end = Date.now() + patienceSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > end) throw new Error(`Waited ${patienceSeconds} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}
