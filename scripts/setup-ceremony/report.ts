import type { Link } from '#lib/ceremony/link.ts';
import { forTerminal } from '#lib/protocol/messages/visible-text.ts';

/** Says what is going on. */
export type Say = (line: string) => void;

export const sayToPerson: Say = (line) => console.log(forTerminal(line));

/** One line for each link of a ceremony. */
export function formatLink({ link, state, detail }: Link): string {
  const mark = { ok: 'ok       ', broken: 'BROKEN   ', unchecked: 'unchecked' }[state];
  return `${mark}  ${link}: ${detail}`;
}

/** Announces steps with the time they usually take, and after each the time that is left. */
export class ProgressReport {
  readonly #say: Say;
  readonly #steps: readonly (readonly [label: string, seconds: number])[];
  #done = 0;

  /** @param steps in order, with the seconds that each takes on an ordinary laptop */
  constructor(say: Say, steps: readonly (readonly [label: string, seconds: number])[]) {
    this.#say = say;
    this.#steps = steps;
  }

  /** Runs the next step. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const [label] = this.#steps[this.#done] as [string, number];
    const left = this.#steps.slice(this.#done).reduce((sum, [, seconds]) => sum + seconds, 0);
    this.#say(`[${this.#done + 1}/${this.#steps.length}] ${label} … (about ${Math.ceil(left)} s left)`);
    const start = performance.now();
    const result = await work();
    this.#say(`      done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    this.#done++;
    return result;
  }
}

/** Seconds and megabytes for a circuit, scaled from what was measured for 8,000 constraints on two cores. */
export function expectedCost(constraints: number): { deriveSeconds: number; contributeSeconds: number; megabytes: number } {
  const scale = Math.max(constraints, 100) / 8000;
  return { deriveSeconds: 25 * scale, contributeSeconds: 5 * scale, megabytes: Math.ceil(150 + 250 * scale) };
}
