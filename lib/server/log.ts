import 'server-only';
import { isUnavailable } from '#db/database-error.ts';
import { explainLostDatabase } from '#db/explain-failure.ts';
import { createLog, describeEntry, type LogEntry } from '#lib/host/log.ts';
import { readLogFormat } from './env.ts';

/** A database that is away fails every request and every step of the clock. */
const OUTAGE_TOLD_AGAIN_MS = 60_000;
const outageTold = new Map<string, number>();

/**
 * Tells the log of a fault of our own, or, once a minute, why the database is away. What is told names the fault and never a value: no
 * text, number or address of whoever asked.
 * @param now milliseconds of a clock that is never set back
 */
export function logFault(error: unknown, now = performance.now()): void {
  const outage = isUnavailable(error) ? explainLostDatabase(String((error as { code?: unknown }).code)) : undefined;
  if (outage === undefined) return logEntry({ level: 'error', code: 'FAULT', text: describeForLog(error) });
  if (now - (outageTold.get(outage) ?? Number.NEGATIVE_INFINITY) < OUTAGE_TOLD_AGAIN_MS) return;
  outageTold.set(outage, now);
  logEntry({ level: 'error', code: 'DATABASE_AWAY', text: `${outage} Until it is there again, requests are answered with 503.` });
}

/** Tells the log what the operator should know. */
export function logEntry(entry: LogEntry): void {
  if (readLogFormat() === 'json') writeEntry(entry);
  else console.error(describeEntry(entry)); // whoever started this process puts the time before each line
}

const writeEntry = createLog('web', 'json', console.error);

/** Kind and place of a fault. Messages of database errors hold the values of the query, so none is repeated. */
export function describeForLog(error: unknown): string {
  if (!(error instanceof Error)) return 'Internal error: something that is not an Error was thrown';
  const { code, constraint_name: constraint } = (error.cause ?? error) as { code?: unknown; constraint_name?: unknown };
  const about = [error.name, code, constraint].filter((part) => typeof part === 'string').join(' ');
  const place = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [`Internal error: ${about}`, ...place].join('\n');
}
