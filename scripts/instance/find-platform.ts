import path from 'node:path';
import { explainDatabaseFailure } from '#db/explain-failure.ts';
import { listOldKeyFiles } from '#lib/host/read-seed.ts';
import { recallRunning } from './running-instance.ts';
import { root } from './runtime.ts';

type Settings = Record<string, string | undefined>;
/** Each has a digit, which EPIPE has not. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
/** Whose address is nobody's setting. */
const PRIVATE_DATABASE = 'postgres://localhost';

/** Where a platform is that has been started, for commands that work on its database. */
export type FoundPlatform = { databaseUrl: string; publicUrl: string; platformKeyFile: string; oldKeyFiles: string[] };

/**
 * Finds the platform by the settings that it has itself: DATA_DIR, or DATABASE_URL, PUBLIC_URL and PLATFORM_KEY_FILE.
 * @throws Error with a sentence for the operator
 */
export function findPlatform(settings: Settings): FoundPlatform {
  const dataFolder = path.resolve(root, settings.DATA_DIR || 'data');
  const running = recallRunning(dataFolder);
  const databaseUrl = settings.DATABASE_URL || running?.databaseUrl;
  const publicUrl = settings.PUBLIC_URL || running?.url;
  if (!databaseUrl || !publicUrl)
    throw new Error(
      `No platform has been started from ${dataFolder}. Start it first, or set DATA_DIR, or DATABASE_URL and PUBLIC_URL, as the platform has them.`,
    );
  if (!URL.canParse(publicUrl)) throw new Error('PUBLIC_URL must be the https:// address under which browsers reach the platform.');
  const platformKeyFile = settings.PLATFORM_KEY_FILE || path.join(dataFolder, 'platform.key');
  return { databaseUrl, publicUrl, platformKeyFile, oldKeyFiles: listOldKeyFiles(settings.PLATFORM_OLD_KEY_FILES) };
}

/** An error of the driver as a sentence, and every other as it is. */
export function tellPlatformFailure(error: unknown, settings: Settings): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  const isOfDriver = error instanceof Error && typeof code === 'string' && !('path' in error);
  return isOfDriver ? new Error(describeDatabaseFailure(error, settings)) : error;
}

/** What the platform's database failed of, in a sentence for the operator. */
export function describeDatabaseFailure(error: unknown, { DATABASE_URL: databaseUrl }: Settings): string {
  if (databaseUrl) return explainDatabaseFailure(error, databaseUrl);
  if (hasAnswered(error)) return explainDatabaseFailure(error, PRIVATE_DATABASE);
  return 'The database of the platform does not answer. Is the platform running?';
}

/** Whether it was the server that refused: its disk may be full, and what runs then is not what is missing. */
function hasAnswered(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? SQLSTATE.test(code) : cause !== undefined && hasAnswered(cause);
}
