import { explainFailure } from '#lib/host/explain-failure.ts';

/** One thing that is done and looked at. `tell` writes a line below its title; what it throws ends everything. */
export type RunStep = <T>(title: string, work: (tell: (line: string) => void) => Promise<T>) => Promise<T>;

type Scenery = {
  /** Milliseconds, from any beginning. */
  clock(): number;
  write(line: string): void;
  /** Ends whatever was started. */
  stop(): Promise<void>;
  /** Where somebody looks who wants to know more of a failure. */
  logs: string;
};

/**
 * Plays the steps one after the other and prints each with the seconds that it took. The first that fails is named with its cause, and
 * none comes after it. Whatever was started is ended in every case, before this returns.
 * @returns whether every step held
 */
export async function playSteps(play: (step: RunStep) => Promise<void>, { clock, write, stop, logs }: Scenery): Promise<boolean> {
  const begin = clock();
  const seconds = (since: number) => `${((clock() - since) / 1000).toFixed(1).padStart(6)} s`;
  let number = 0;
  let broken: string | undefined;
  const step: RunStep = async (title, work) => {
    const since = clock();
    number += 1;
    write(`${String(number).padStart(2)}. ${title}`);
    try {
      const result = await work((line) => write(`      ${line}`));
      write(`${seconds(since)}  holds`);
      return result;
    } catch (error) {
      write(`${seconds(since)}  DOES NOT HOLD: ${explainFailure(error)}`);
      broken = `Step ${number} failed: ${title}`;
      throw error;
    }
  };
  try {
    await play(step);
    write(`${seconds(begin)}  in all: every one of ${number} steps holds.`);
    return true;
  } catch (error) {
    write(`${seconds(begin)}  in all. ${broken ?? `After step ${number}: ${explainFailure(error)}`}`);
    write(`What every program has written lies in ${logs}`);
    return false;
  } finally {
    await stop();
  }
}
