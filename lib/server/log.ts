import 'server-only';
import { createLog, describeEntry, type LogEntry } from '#lib/host/log.ts';
import { readLogFormat } from './env.ts';

/** Tells the log of a fault of our own. What is told names the fault and never a value: no text, number or address of whoever asked. */
export function logFault(error: unknown): void {
  logEntry({ level: 'error', code: 'FAULT', text: describeForLog(error) });
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
