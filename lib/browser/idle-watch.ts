/** After so long without a sign of the person, in any tab, what is open is locked. */
export const IDLE_LIMIT_MS = 10 * 60_000;

/**
 * Knows when nobody has been at this browser for too long, by the wall clock: a device that slept counts the time that it slept, and
 * a clock that was set back counts as too long. It never says so while work is held. The caller asks, and hands on what other tabs say.
 */
export class IdleWatch {
  private last: number;
  private holds = 0;
  private readonly now: () => number;

  /** @param now the wall clock in milliseconds, as `Date.now` */
  constructor(now: () => number) {
    this.now = now;
    this.last = now();
  }

  /** Somebody is there, in this tab or another. */
  touch(): void {
    this.last = this.now();
  }

  get isIdle(): boolean {
    const since = this.now() - this.last;
    return this.holds === 0 && (since >= IDLE_LIMIT_MS || since < -IDLE_LIMIT_MS);
  }

  /** Whether work is going on that must not be cut off. */
  get isHeld(): boolean {
    return this.holds > 0;
  }

  /** Puts idleness off until the work is done; the end of the work counts as a sign of the person. */
  async hold<R>(work: () => Promise<R>): Promise<R> {
    this.holds++;
    try {
      return await work();
    } finally {
      this.holds--;
      this.touch();
    }
  }
}
