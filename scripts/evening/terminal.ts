import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type GuardedProcess, spawnGuarded } from '#db/guarded-process.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { waitFor } from '../demo/each-of.ts';
import { relayLines } from '../instance/relay-lines.ts';
import { root, runtimeEnv } from '../instance/runtime.ts';

/** A command as README and docs/ write it, typed by somebody who stands in a folder of their own. */
export type Typed = {
  /** Whose folder it is, below that of the evening. */
  who: string;
  /** As in `npm run NAME`; or, with `isProgram`, a program of this machine. */
  name: string;
  isProgram?: boolean;
  /** The words before it, of a program that runs it. */
  through?: readonly string[];
  /** What is told of it, where that is not what is typed. */
  shown?: string;
  args?: readonly string[];
  /** Settings that are variables. */
  env?: Record<string, string>;
  /** What is typed when it asks. */
  input?: string;
};

/** A program that goes on until it is stopped. */
export type Serving = {
  stop(): Promise<void>;
  /** @throws Error when there is no such line in time, or the program ends before */
  waitForLine(pattern: RegExp, patienceSeconds: number): Promise<string>;
  /** What work comes to that needs the program. @throws Error when the program ends before */
  during<T>(work: Promise<T>): Promise<T>;
};

export type Terminal = {
  /** Waits for the end. @returns what it printed @throws Error with its own words when it fails */
  run(typed: Typed): Promise<string>;
  serve(typed: Typed): Serving;
  folderOf(who: string): string;
  stop(): Promise<void>;
};

type TerminalOptions = {
  /** Each person's folder is made in it, and `logs`, where all that programs write is kept. */
  folder: string;
  /** Variables that every command gets. */
  env(): Record<string, string>;
  /** Told every command before it is run. */
  onType(line: string): void;
};

const LAST_LINES = 15;
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Runs the commands of package.json as npm does, but for npm itself, which would stand between them and their signals. */
export function createTerminal({ folder, env, onType }: TerminalOptions): Terminal {
  const running = new Set<ChildProcess>();
  const serving: GuardedProcess[] = [];
  const logs = path.join(folder, 'logs');
  makeFolder(logs, 0o700);
  const folderOf = (who: string) => {
    const place = path.join(folder, who);
    makeFolder(place, 0o700);
    return place;
  };

  function prepare({ who, name, isProgram = false, through = [], shown: told, args = [], env: own = {} }: Typed): Prepared {
    const words = isProgram ? [name] : [process.execPath, ...(scripts[name] ?? '').split(' ').slice(1)];
    if (!isProgram && words.length === 1) throw new Error(`package.json has no command "${name}".`);
    const shown = told ?? (isProgram ? joinWords([name, ...args]) : describeCommand(name, args));
    const before = through.length > 0 ? `${joinWords([path.basename(through[0] as string), ...through.slice(1)])} ` : '';
    onType(`${who} $ ${before}${shown.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')}`);
    return {
      command: [...through, ...words, ...args],
      options: { cwd: root, env: { ...runtimeEnv(), ...env(), ...own, INIT_CWD: folderOf(who) } as unknown as NodeJS.ProcessEnv },
      shown,
      log: path.join(logs, `${who}-${path.basename(name)}.log`),
    };
  }

  return {
    folderOf,
    async run(typed) {
      const prepared = prepare(typed);
      const { command, options } = prepared;
      const child = spawn(command[0] as string, command.slice(1), { ...options, stdio: 'pipe' });
      running.add(child);
      child.stdin.on('error', () => {}); // it may end without having read
      child.stdin.end(typed.input ?? '');
      return finish(prepared, child).finally(() => running.delete(child));
    },
    serve(typed) {
      const prepared = prepare(typed);
      const guarded = spawnGuarded(prepared.command, { ...prepared.options, stopSignal: 'TERM', stdout: 'pipe', stderr: 'pipe' });
      serving.push(guarded);
      return listenTo(prepared, guarded);
    },
    async stop() {
      for (const child of running) child.kill();
      await Promise.all(serving.splice(0).map((one) => one.stop()));
    },
  };
}

type Prepared = { command: string[]; options: { cwd: string; env: NodeJS.ProcessEnv }; shown: string; log: string };

async function finish({ shown, log }: Prepared, child: ChildProcessWithoutNullStreams): Promise<string> {
  const [out, all]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => all.push(bytes));
  const [code] = (await once(child, 'close')) as [number | null];
  const said = Buffer.concat(all).toString();
  appendFileSync(log, said);
  if (code !== 0) throw new Error(`${shown} ended with ${code}:\n${lastOf(said.split('\n'))}`);
  return Buffer.concat(out).toString();
}

function listenTo({ shown, log }: Prepared, { child, stop }: GuardedProcess): Serving {
  const lines: string[] = [];
  relayLines(child, (line) => {
    lines.push(line);
    appendFileSync(log, `${line}\n`);
  });
  const ended = once(child, 'close').then(([code]) => {
    throw new Error(`${shown} ended with ${code}:\n${lastOf(lines)}`);
  });
  ended.catch(() => {}); // nobody may be waiting
  const during = <T>(work: Promise<T>) => Promise.race([work, ended]);
  const waitForLine = (pattern: RegExp, patienceSeconds: number) =>
    during(waitFor(`a line with ${pattern} in ${log}`, patienceSeconds, async () => lines.find((line) => pattern.test(line)) ?? null));
  return { stop, waitForLine, during };
}

function lastOf(lines: readonly string[]): string {
  return lines
    .slice(-LAST_LINES)
    .map((line) => `        ${line}`)
    .join('\n');
}

/** As it is typed. */
function describeCommand(name: string, args: readonly string[] = []): string {
  const called = name === 'start' ? 'npm start' : `npm run ${name}`;
  return args.length === 0 ? called : `${called} -- ${joinWords(args)}`;
}

function joinWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w./:@#=-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
