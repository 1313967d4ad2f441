import { isUnavailable } from '#db/database-error.ts';
import { markOutage } from '#lib/host/answer-outage.ts';

/** Next calls this once when the web process starts, and while pages are built, when there is nothing to start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return;
  const { startUpOrExit } = await import('#lib/server/start-up.ts');
  await startUpOrExit();
}

/** Next calls this with whatever a page has failed of, before its answer ends. */
export async function onRequestError(error: unknown): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  if (isUnavailable(error)) markOutage();
}
