import { type ParseArgsConfig, parseArgs } from 'node:util';
import { endOnBrokenPipe } from '#lib/host/broken-pipe.ts';
import { explainFailure } from '#lib/host/explain-failure.ts';
import { forTerminal } from '#lib/protocol/messages/visible-text.ts';

/** A call that the command does not have. Its message is shown above the usage. */
export class UsageError extends Error {}

/**
 * Runs a command: `--help` or `-h` prints the usage, and a failure is a sentence on standard error, never a stack. Exit code: what
 * `work` sets, 1 when it fails, 2 when it was called in a way that it does not have.
 * @param onBrokenPipe what to do when nobody reads any more; by default the process exits
 */
export async function runScript(usage: string, work: () => Promise<void> | void, onBrokenPipe?: () => void): Promise<void> {
  endOnBrokenPipe(onBrokenPipe);
  if (asksForHelp(process.argv.slice(2))) {
    console.log(usage);
    return;
  }
  try {
    await work();
  } catch (error) {
    const isMisuse = error instanceof UsageError;
    const reason = forTerminal(isMisuse ? error.message : explainFailure(error));
    const sentence = isMisuse ? `${reason}\n\n${usage}` : reason;
    process.stderr.write(`${sentence}\n`, () => process.exit(isMisuse ? 2 : 1)); // threads of the prover would keep it
  }
}

/** What a command was given, by the rules of `parseArgs`. @throws UsageError */
export function readCommandLine<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs<T>(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === '--help' || arg === '-h');
}
