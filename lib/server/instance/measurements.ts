import 'server-only';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { countDistinct, isNull } from '#db/drizzle.cjs';
import { checkpoints, entries } from '#db/schema/board.ts';
import { STANDINGS } from '#lib/api/shapes.ts';
import type { Context } from '../context.ts';
import { countStatements } from '../statements/list.ts';

/** What an operator watches: how long the queues are, what checking costs, whether boards and trustees go on. Nothing of one person. */
export function measurePlatform(ctx: Context): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const { proofs, threads, strangers, db, lastSeen } = ctx;

  new Gauge({
    name: 'roundrobin_statements',
    help: 'Statements by how they stand',
    labelNames: ['standing'],
    registers,
    async collect() {
      for (const standing of STANDINGS) this.set({ standing }, await countStatements(ctx, standing));
    },
  });
  new Gauge({
    name: 'roundrobin_boards_waiting',
    help: 'Statements with signatures that wait for a checkpoint',
    registers,
    async collect() {
      const [row] = await db
        .select({ boards: countDistinct(entries.statement) })
        .from(entries)
        .where(isNull(entries.checkpoint));
      this.set(row?.boards ?? 0);
    },
  });
  new Gauge({
    name: 'roundrobin_checkpoints',
    help: 'Checkpoints of all boards',
    registers,
    async collect() {
      this.set(await db.$count(checkpoints));
    },
  });
  new Gauge({
    name: 'roundrobin_waiting',
    help: 'Work that waits for a thread',
    labelNames: ['queue'],
    registers,
    collect() {
      this.set({ queue: 'proofs' }, proofs.waiting);
      this.set({ queue: 'long' }, threads.waiting);
      this.set({ queue: 'strangers' }, strangers.waiting);
    },
  });
  countUp('roundrobin_proofs_checked_total', 'Proofs of signatures that were checked', () => proofs.spent.proofs);
  countUp('roundrobin_proof_seconds_total', 'Seconds that threads took to check them', () => proofs.spent.seconds);
  new Gauge({
    name: 'roundrobin_trustee_seen_seconds',
    help: 'The minute, in Unix seconds, in which a trustee last asked this process for a board',
    labelNames: ['trustee'],
    registers,
    collect() {
      for (const [trustee, minute] of lastSeen) this.set({ trustee }, minute);
    },
  });
  return registry;

  function countUp(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
