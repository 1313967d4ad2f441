// Whether a machine's own clock may decide what cannot be taken back: what is erased, given up, opened or dated
import type { Log } from './log.ts';

export type ClockWatch = {
  /** The platform's time, as it was told just now. Unix seconds. */
  hear(time: number): void;
  /** Another machine has the same time by a clock of its own: however it came about, it is no jump of this one. */
  agree(): void;
  /** The time of a checkpoint that the platform signed: it is no earlier. Unix seconds. */
  hearNoEarlier(time: number): void;
  /** Whether nothing irreversible may be done now. Says why in the log, once while it lasts, and never lasts longer than an hour. */
  isInDoubt(): boolean;
  /** Why the clock may be wrong, in words; null while nothing speaks against it. Asking changes nothing. */
  findDoubt(): string | null;
};

type Clocks = {
  /** Unix seconds by the wall clock. */
  now: () => number;
  /** Seconds by a clock that nobody sets. */
  monotonic: () => number;
  log: Log;
  /** The rest of a sentence: what is not done meanwhile. */
  heldBack: string;
};

/** Seconds by which clocks may differ. */
export const MOST_DIFFERENCE = 300;
/** Seconds for which differing clocks hold the trustee back. */
export const LONGEST_DOUBT = 3_600;

/**
 * Compares the wall clock with its own past by a clock that nobody sets, and with the platform's. Neither side is believed: where they
 * differ the program holds back, for an hour at most, in which an operator can set the clock right; a platform that lies gains that
 * hour and nothing else. What it cannot be compared with does not hold it back. SPEC §9.4, §11.
 */
export function createClockWatch({ now, monotonic, log, heldBack }: Clocks): ClockWatch {
  let agreed = { wall: now(), monotonic: monotonic() };
  let platform: { time: number; monotonic: number } | null = null;
  let noEarlier = 0;
  /** Seconds for which it was held back; time in agreement gives as much back, so that nobody holds it by agreeing for moments. */
  let held = 0;
  let looked = monotonic();
  let isDoubting = false;
  let isOver = false;

  const findDoubt = (): string | null => {
    const jump = now() - (agreed.wall + monotonic() - agreed.monotonic);
    if (Math.abs(jump) > MOST_DIFFERENCE) return `this machine's clock has jumped by ${Math.round(jump)} s`;
    const ahead = platform ? now() - (platform.time + monotonic() - platform.monotonic) : 0;
    if (Math.abs(ahead) > MOST_DIFFERENCE)
      return `this machine's clock is ${Math.abs(Math.round(ahead))} s ${ahead > 0 ? 'ahead of' : 'behind'} the platform's`;
    const behind = noEarlier - now();
    return behind > MOST_DIFFERENCE ? `a checkpoint is dated ${behind} s later than this machine's clock` : null;
  };

  const agree = () => {
    agreed = { wall: now(), monotonic: monotonic() };
  };
  return {
    findDoubt,
    hear(time) {
      platform = { time, monotonic: monotonic() };
      if (Math.abs(now() - time) <= MOST_DIFFERENCE) agree();
    },
    agree,
    hearNoEarlier(time) {
      noEarlier = Math.max(noEarlier, time);
    },
    isInDoubt() {
      const doubt = findDoubt();
      const passed = monotonic() - looked;
      looked = monotonic();
      held = isDoubting ? Math.min(LONGEST_DOUBT, held + passed) : Math.max(0, held - passed);
      if (doubt === null) {
        if (isDoubting) log({ code: 'CLOCKS_AGREE', text: 'the clocks agree again' });
        isDoubting = false;
        isOver = false;
        return false;
      }
      if (!isDoubting)
        log({
          ...{ level: 'warning', code: 'CLOCKS_DIFFER' },
          text: `${doubt}. Set it right: ${heldBack} until they agree, for an hour at most`,
        });
      isDoubting = true;
      if (held < LONGEST_DOUBT) return true;
      if (!isOver)
        log({
          ...{ level: 'warning', code: 'CLOCKS_DIFFER_STILL' },
          text: 'the clocks have differed for an hour; going on by the clock of this machine',
        });
      isOver = true;
      return false;
    },
  };
}
