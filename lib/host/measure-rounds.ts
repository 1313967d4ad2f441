import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export type RoundMeasurements = {
  registry: Registry;
  /** Counts a round; `wasHeard` says whether the platform answered. */
  onRound(wasHeard: boolean): void;
  /** Whether the newest round did all its work: the platform answered. */
  isReady(): boolean;
  /** The minute of the last round in which the platform answered, Unix seconds; null before the first. */
  heardAt(): number | null;
};

/** What whoever watches over a program that works in rounds wants to know: whether they go on. `now` in Unix seconds. */
export function measureRounds(now: () => number): RoundMeasurements {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const rounds = new Counter({ name: 'roundrobin_rounds_total', help: 'Rounds by their end', labelNames: ['end'], registers });
  const heard = new Gauge({
    name: 'roundrobin_platform_heard_seconds',
    help: 'The minute, in Unix seconds, of the last round in which the platform answered',
    registers,
  });
  let isReady = false;
  let heardAt: number | null = null;
  return {
    registry,
    isReady: () => isReady,
    heardAt: () => heardAt,
    onRound(wasHeard) {
      isReady = wasHeard;
      rounds.inc({ end: wasHeard ? 'done' : 'failed' });
      if (!wasHeard) return;
      heardAt = now() - (now() % 60);
      heard.set(heardAt);
    },
  };
}
