import 'server-only';
import { and, count, eq, gt, isNull } from 'drizzle-orm';
import { revealedNames, trusteeMessages } from '../../db/schema.ts';
import { eraseUnopened } from './board/erase-unopened.ts';
import { publishCheckpoints } from './board/publish-checkpoints.ts';
import { revealNames } from './board/reveal-names.ts';
import type { Context } from './context.ts';
import { describeFault } from './http/handle.ts';
import { loadStatement } from './statements/load.ts';

const PAUSE_MS = 500;
/** Names are computed when an opening arrives; this looks after what a crash has left out. */
const TICKS_BETWEEN_REVEALS = 60;

export type Ticker = { stop(): Promise<void> };

/**
 * Does by the clock what nobody asks for: publishes checkpoints, erases what was never opened, computes names that a crash
 * left out. Several processes may do it at once; the database sees to it that each thing is done once.
 */
export function startTicker(ctx: Context): Ticker {
  let since = ctx.now();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let ticks = 0;
  const tick = async () => {
    const now = ctx.now();
    await attempt(() => publishCheckpoints(ctx, since));
    since = now;
    await attempt(() => eraseUnopened(ctx));
    if (ticks++ % TICKS_BETWEEN_REVEALS === 0) await attempt(() => revealOutstanding(ctx));
  };
  let current = Promise.resolve();
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      current = tick().then(schedule);
    }, PAUSE_MS);
    timer.unref();
  };
  schedule();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

/** Waves that k trustees have opened and whose names are not there: their computation was cut off. */
async function revealOutstanding(ctx: Context): Promise<void> {
  const rows = await ctx.db
    .select({ id: trusteeMessages.statement, openings: count() })
    .from(trusteeMessages)
    .leftJoin(revealedNames, and(eq(revealedNames.statement, trusteeMessages.statement), eq(revealedNames.wave, trusteeMessages.slot)))
    .where(and(eq(trusteeMessages.type, 'opening'), eq(trusteeMessages.evidence, false), isNull(revealedNames.wave)))
    .groupBy(trusteeMessages.statement, trusteeMessages.slot)
    .having(gt(count(), 1));
  for (const { id } of rows) await revealNames(ctx, (await loadStatement(ctx, id)).context);
}

/** One thing that fails must not keep the others from being done, nor end the clock. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(describeFault(error));
  }
}
