import 'server-only';
import { migrate } from '#db/migrate.ts';
import { type MeasurementServer, serveMeasurements } from '#lib/host/measurements.ts';
import { getContext } from './current-context.ts';
import { assertSetupAccepted, getEnv } from './env.ts';
import { keepEpoch } from './epoch.ts';
import { measurePlatform } from './instance/measurements.ts';
import { describeForLog, logEntry, logFault } from './log.ts';
import { startTicker, type Ticker } from './ticker.ts';

const shared = globalThis as { roundRobinTicker?: Ticker; roundRobinMeasurements?: MeasurementServer };

const DATABASE_AHEAD = {
  code: 'DATABASE_AHEAD',
  text: 'A newer version has brought the database further. This older one works on it until it is replaced.',
};

/** Starts up, or ends the process with the reason: Next would stay and answer every request with an error. */
export async function startUpOrExit(): Promise<void> {
  try {
    await startUp();
  } catch (error) {
    console.error(`\n${(error instanceof Error && error.message) || describeForLog(error)}\n`);
    process.exit(1);
  }
}

/**
 * What the web process does before it answers anybody: reads its settings, refuses development keys in earnest, brings the
 * database up to date and starts the clock. @throws Error with a sentence for the operator
 */
async function startUp(): Promise<void> {
  const env = getEnv();
  const { isAhead } = await migrate(env.databaseUrl);
  if (isAhead) logEntry(DATABASE_AHEAD);
  const ctx = await getContext();
  assertSetupAccepted(env, ctx.manifest.keys);
  await keepEpoch(ctx);
  shared.roundRobinTicker ??= startTicker(ctx, env.trusteesFile);
  if (env.metrics && !shared.roundRobinMeasurements) {
    shared.roundRobinMeasurements = await serveMeasurements(measurePlatform(ctx), { place: env.metrics, onFault: logFault });
  }
}
