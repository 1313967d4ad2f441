/**
 * Ends this process once nobody can read any more what it writes to its standard output or error: whoever started it is gone. Left
 * alone, each failed write is a fault that is told on the same pipe, which is the next fault, and so on for ever.
 * @param end called once; by default the process exits at once
 */
export function endOnBrokenPipe(end: () => void = () => process.exit(1)): void {
  let isEnding = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      if (!isEnding) end();
      isEnding = true;
    });
  }
}
