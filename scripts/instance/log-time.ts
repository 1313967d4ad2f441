/**
 * A line of the log with its time: to the minute and no finer, because a line may be about a signature that has just come.
 * @param now milliseconds since 1970
 */
export function stampLine(line: string, now: number = Date.now()): string {
  return `${new Date(now).toISOString().slice(0, 16)}Z ${line}`;
}
