/** A row of the bench: what was measured, against what, in the same run. */
export type Row = {
  name: string;
  /** What `value` and `baseline` count. */
  unit: string;
  value: number;
  baseline: { name: string; value: number };
  /** value against baseline, the larger over the smaller as the goal says it. */
  ratio: number;
  goal: string;
  holds: boolean | null;
  note?: string;
};

/** Milliseconds that a piece of work takes. */
export async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Milliseconds of the processor's time that a piece of work takes, whatever else the machine is doing: for work on one thread. What
 * threads beside it do for it, as collecting garbage, counts too.
 */
export async function processorTimeOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * Times two pieces of work in turn, so that both see the same machine, and gives the median of each. Ratios of medians hold on
 * a machine that others use too; single times do not.
 */
export async function timeInTurn(
  rounds: number,
  first: () => unknown,
  second: () => unknown,
  measure: (work: () => unknown) => Promise<number> = timeOf,
): Promise<{ first: number; second: number }> {
  const times: [number[], number[]] = [[], []];
  await first();
  await second();
  for (let round = 0; round < rounds; round++) {
    times[0].push(await measure(first));
    times[1].push(await measure(second));
  }
  return { first: medianOf(times[0]), second: medianOf(times[1]) };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The value below which that share of all lies, 0 to 1. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
