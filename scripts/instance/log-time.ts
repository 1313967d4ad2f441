import { forTerminal } from '#lib/protocol/messages/visible-text.ts';

/**
 * A line of the log with its time: to the minute and no finer, because a line may be about a signature that has just come. What
 * follows a line break is set in, so that nothing looks like a line of its own.
 * @param now milliseconds since 1970
 */
export function stampLine(line: string, now: number = Date.now()): string {
  return `${new Date(now).toISOString().slice(0, 16)}Z ${forTerminal(line).replaceAll('\n', '\n  ')}`;
}
