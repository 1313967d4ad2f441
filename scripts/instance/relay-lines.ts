import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Hands on every line that a child writes to its standard output and error. */
export function relayLines(child: ChildProcess, log: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => line.trim() && log(line));
  }
}
