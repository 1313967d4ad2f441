// SPEC §12.4: checks of a record that are under way while further lines are read

/** Promises of checks, bounded in number and weight, whose failures surface when all are waited for. */
export class PendingChecks {
  private readonly limit: number;
  private readonly underWay = new Map<Promise<void>, number>();
  /** What kept a check from being made: a record that was not looked at in full must never pass. */
  private trouble: { reason: unknown } | null = null;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes a check in; waits while as many as the limit are under way, so that memory stays bounded. A heavy one counts as several. */
  async add(check: Promise<void>, weight = 1): Promise<void> {
    const tracked = check
      .catch((reason: unknown) => {
        this.trouble ??= { reason };
      })
      .finally(() => this.underWay.delete(tracked));
    this.underWay.set(tracked, weight);
    while (this.weightUnderWay() >= this.limit) await Promise.race(this.underWay.keys());
  }

  private weightUnderWay(): number {
    return [...this.underWay.values()].reduce((sum, weight) => sum + weight, 0);
  }

  /** Waits for all. @throws what any of them threw, whenever it did */
  async settle(): Promise<void> {
    await Promise.all(this.underWay.keys());
    if (this.trouble) throw this.trouble.reason;
  }
}
