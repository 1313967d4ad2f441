import 'server-only';
import { createTraceEraser } from './board/erase-traces.ts';
import { eraseUnopened } from './board/erase-unopened.ts';
import { publishCheckpoints } from './board/publish-checkpoints.ts';
import { findUnnamed, revealNames } from './board/reveal-names.ts';
import { eraseChallenges } from './challenges/erase.ts';
import type { Context } from './context.ts';
import { doEach } from './do-each.ts';
import { checkDomains } from './domains/check-domains.ts';
import { createTrusteesReader } from './instance/trustees-file.ts';
import { logFault } from './log.ts';
import { eraseCapsules } from './rolls/erase-capsules.ts';
import { erasePermits } from './statements/drafts.ts';
import { findUnsealed, sealRecord } from './statements/find-seal.ts';
import { loadStatement } from './statements/load.ts';

const BOARD_PAUSE_MS = 500;
const NAMES_PAUSE_MS = 2_000;
const SEALS_PAUSE_MS = 5_000;
const DOMAINS_PAUSE_MS = 20_000;
const TRUSTEES_PAUSE_MS = 10_000;

export type Ticker = { stop(): Promise<void> };

/**
 * Does by the clock what nobody asks for: publishes checkpoints, erases what was never opened, and computes names and the hashes of
 * finished records, which may take long and so have clocks of their own. Several processes may do it at once; the database sees to it
 * that each thing is
 * done once.
 * @param trusteesFile is read again and again
 */
export function startTicker(ctx: Context, trusteesFile?: string): Ticker {
  const traces = createTraceEraser(ctx.upkeep);
  const board = repeat(BOARD_PAUSE_MS, async () => {
    await actByTheClock(ctx);
    await attempt(() => traces.eraseDue());
  });
  const names = repeat(NAMES_PAUSE_MS, () => attempt(() => revealOutstanding(ctx)));
  const domains = repeat(DOMAINS_PAUSE_MS, () => attempt(async () => void (await checkDomains(ctx))));
  const seals = repeat(SEALS_PAUSE_MS, async () => {
    await attempt(() => sealOutstanding(ctx));
    if (ctx.clock.isInDoubt()) return;
    await attempt(() => eraseChallenges(ctx));
    await attempt(() => erasePermits(ctx));
  });
  const trustees = trusteesFile ? [repeat(TRUSTEES_PAUSE_MS, createTrusteesReader(ctx, trusteesFile))] : [];
  return {
    stop: async () => {
      await Promise.all([...trustees.map((one) => one.stop()), board.stop(), names.stop(), seals.stop(), domains.stop()]);
    },
  };
}

/** Runs work again and again with a pause after each; `stop` waits for what is being done. */
function repeat(pauseMs: number, work: () => Promise<void>): Ticker {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      current = work().then(schedule);
    }, pauseMs);
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

/** A checkpoint that bears a date of the future stops its board, and what was erased too early is gone: neither by a clock that has jumped. */
async function actByTheClock(ctx: Context): Promise<void> {
  if (ctx.clock.isInDoubt()) return;
  await attempt(() => publishCheckpoints(ctx));
  await attempt(() => eraseUnopened(ctx));
}

async function revealOutstanding(ctx: Context): Promise<void> {
  const unnamed = await findUnnamed(ctx.db);
  await doEach(unnamed, async (id) => revealNames(ctx, (await loadStatement(ctx, id)).context));
  if (unnamed.length > 0) await eraseCapsules(ctx); // some were kept for these names
}

/** One after the other: each reads a whole record. */
async function sealOutstanding(ctx: Context): Promise<void> {
  await doEach(await findUnsealed(ctx), (id) => sealRecord(ctx, id));
}

/** What fails is told to the log and does not end the clock. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    logFault(error);
  }
}
