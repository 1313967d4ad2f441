import { callersPath } from './callers-files.ts';
import { readCommandLine, UsageError } from './run-script.ts';

/** One of the commands that a script has. @throws UsageError */
export function needCommand<T>(commands: ReadonlyMap<string, T>, name: string | undefined): T {
  const command = commands.get(name ?? '');
  if (!command) throw new UsageError(name ? `There is no command "${name}".` : 'A command is missing.');
  return command;
}

/**
 * The options of a command, each with a value.
 * @param paths those that name a file or folder, as whoever calls sees it from where they stand
 * @param flags those that take no value: they are given back as "yes"
 * @throws UsageError
 */
export function readOptions<Needed extends string, Optional extends string>(
  args: string[],
  needed: readonly Needed[],
  optional: readonly Optional[],
  paths: readonly string[],
  flags: readonly Optional[] = [],
): Record<Needed, string> & Partial<Record<Optional, string>> {
  const kindOf = (name: string) => ({ type: flags.some((flag) => flag === name) ? ('boolean' as const) : ('string' as const) });
  const options = Object.fromEntries([...needed, ...optional].map((name) => [name, kindOf(name)]));
  const { values: read } = readCommandLine({ args, options });
  const values: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(read)) values[name] = typeof value === 'boolean' ? 'yes' : value;
  for (const name of needed) if (!values[name]) throw new UsageError(`The option --${name} is missing.`);
  for (const name of paths) if (values[name]) values[name] = callersPath(values[name]);
  return values as Record<Needed, string> & Partial<Record<Optional, string>>;
}
