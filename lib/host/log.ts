// What a process says of itself while it runs: for people by default, one JSON object a line for programs
import { z } from 'zod';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { forTerminal } from '#lib/protocol/messages/visible-text.ts';

/** What is told. Nothing in it is about a person: no name, address, number of anybody's, or time finer than a minute. */
export type LogEntry = {
  /** What happened, in a word that stays the same: upper case. */
  code: string;
  text: string;
  /** `info` where it is missing. */
  level?: 'info' | 'warning' | 'error';
  /** The id of the statement that it is about. */
  statement?: string;
};
export type Log = (entry: LogEntry) => void;

/** Who writes. */
export type LogRoom = 'start' | 'web' | 'trustee' | 'agent';
export type LogFormat = 'text' | 'json';

const entryShape = z.strictObject({
  time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/),
  level: z.enum(['info', 'warning', 'error']),
  room: z.enum(['start', 'web', 'trustee', 'agent']),
  code: z.string(),
  statement: z.string().optional(),
  text: z.string(),
});

/** Reads the setting LOG_FORMAT. @throws Error with a sentence for whoever set it */
export function parseLogFormat(text: string | undefined): LogFormat {
  if (text === undefined || text === '' || text === 'text') return 'text';
  if (text === 'json') return 'json';
  throw new Error('LOG_FORMAT must be text or json.');
}

/** Writes each entry as one line. @param write puts a line where the log goes */
export function createLog(room: LogRoom, format: LogFormat, write: (line: string) => void): Log {
  return (entry) => write(format === 'json' ? formatEntry(entry, room) : stampLine(describeEntry(entry)));
}

/**
 * An entry for programs: a JSON object with `time` (to the minute), `level`, `room`, `code`, `statement` where there is one, and `text`.
 * @param now milliseconds since 1970
 */
export function formatEntry({ level = 'info', code, statement, text }: LogEntry, room: LogRoom, now: number = Date.now()): string {
  return JSON.stringify({
    time: minuteOf(now),
    level,
    room,
    code,
    ...(statement === undefined ? {} : { statement }),
    text: forTerminal(text),
  });
}

/** Whether a line is an entry as `formatEntry` writes it. */
export function isEntryLine(line: string): boolean {
  const parsed = parseJson(line);
  return parsed.ok && entryShape.safeParse(parsed.value).success;
}

/** An entry for people, without its time. */
export function describeEntry({ level = 'info', statement, text }: LogEntry): string {
  const about = statement === undefined ? '' : `statement ${statement.slice(0, 12)}: `;
  return `${about}${level === 'warning' ? 'WARNING: ' : ''}${text}`;
}

/**
 * A line of the log with its time: to the minute and no finer, because a line may be about a signature that has just come. What
 * follows a line break is set in, so that nothing looks like a line of its own.
 * @param now milliseconds since 1970
 */
export function stampLine(line: string, now: number = Date.now()): string {
  return `${minuteOf(now)} ${forTerminal(line).replaceAll('\n', '\n  ')}`;
}

/** An entry as it is remembered: `minute` in Unix seconds. */
export type RememberedEntry = Required<Pick<LogEntry, 'level'>> & { minute: number; text: string };
export type LogMemory = {
  log: Log;
  /** The newest first. */
  newest(): readonly RememberedEntry[];
};

/** A log whose newest entries can be shown, as they read for people. @param now Unix seconds @param most entries that are remembered */
export function rememberLog(log: Log, now: () => number, most = 100): LogMemory {
  const newest: RememberedEntry[] = [];
  return {
    log(entry) {
      log(entry);
      const { level = 'info' } = entry;
      newest.unshift({ level, minute: now() - (now() % 60), text: describeEntry({ ...entry, level: 'info' }) });
      newest.length = Math.min(newest.length, most);
    },
    newest: () => newest,
  };
}

function minuteOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 16)}Z`;
}
