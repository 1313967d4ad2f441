import 'server-only';

/** Does work for each of these in turn. One that fails keeps none of the others from being done. @throws the first failure, at the end */
export async function doEach<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
