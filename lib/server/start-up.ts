import 'server-only';
import { migrate } from '../../db/migrate.ts';
import { getContext } from './current-context.ts';
import { assertSetupAccepted, getEnv } from './env.ts';
import { startTicker, type Ticker } from './ticker.ts';

const shared = globalThis as { roundRobinTicker?: Ticker };

/**
 * What the web process does before it answers anybody: reads its settings, refuses development keys in earnest, brings the
 * database up to date and starts the clock. @throws Error with a sentence for the operator
 */
export async function startUp(): Promise<void> {
  const env = getEnv();
  await migrate(env.databaseUrl);
  const ctx = await getContext();
  assertSetupAccepted(env, ctx.manifest.keys);
  shared.roundRobinTicker ??= startTicker(ctx);
}
