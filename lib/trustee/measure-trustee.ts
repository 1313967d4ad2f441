import { Gauge } from 'prom-client';
import { measureRounds, type RoundMeasurements } from '#lib/host/measure-rounds.ts';
import type { Trustee } from './trustee.ts';

/** What whoever watches over a trustee wants to know: whether its rounds go on, and how much it has taken on. `now` in Unix seconds. */
export function measureTrustee(trustee: Pick<Trustee, 'served'>, now: () => number): RoundMeasurements {
  const measured = measureRounds(now);
  new Gauge({
    name: 'roundrobin_statements_served',
    help: 'Statements whose key it makes or of which it holds a share',
    registers: [measured.registry],
    collect() {
      this.set(trustee.served);
    },
  });
  return measured;
}
