import { createLog, isEntryLine, type LogFormat, type LogRoom, stampLine } from '#lib/host/log.ts';

/** Hands a line on that a child has written. @param mark says whose it is, where people read it */
export type Relay = (room: LogRoom, mark: string, line: string) => void;

/**
 * For people a child's lines are marked, and stamped unless they bear a time. For programs an entry of a child goes through as it is, and
 * any other line, such as one of Next, becomes an entry.
 */
export function createRelay(format: LogFormat, write: (line: string) => void): Relay {
  return (room, mark, line) => {
    if (format === 'text') return write(room === 'trustee' ? `${mark} ${line}` : stampLine(`${mark} ${line}`));
    if (isEntryLine(line)) return write(line);
    createLog(room, format, write)({ code: 'OUTPUT', text: line });
  };
}
