import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A child that cannot outlive this process. */
export type GuardedProcess = {
  child: ChildProcess;
  /** Settles with the exit code once the child is gone, for whatever reason. */
  exited: Promise<number>;
  /** Asks the child to end in order and waits; after its patience it is killed. Safe to call twice. */
  stop(): Promise<void>;
};

type GuardOptions = {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** What asks the program to end in order: PostgreSQL's fast shutdown is INT, everybody else's is TERM. */
  stopSignal: 'INT' | 'TERM';
  /** Seconds after which a child that was asked to end is killed, with all that it has started; also when this process is gone. */
  patienceSeconds?: number;
  stdout?: 'inherit' | 'pipe' | 'ignore';
  stderr?: 'inherit' | 'pipe' | 'ignore';
};

// The shell holds the read end of a pipe whose other end is ours. When this process dies, even by kill -9, the pipe
// closes and the watcher sends the signal; a program that goes on is killed with its group, and nobody but the watcher could do
// that then. The group has no terminal in common with us, so Ctrl-C reaches the program through `stop` only.
const GUARD = `exec 3<&0
signal=$1; patience=$2; shift 2
"$@" </dev/null 3<&- & program=$!
(
  cat <&3
  kill -"$signal" "$program"
  while [ "$patience" -gt 0 ] && kill -0 "$program"; do sleep 1; patience=$((patience - 1)); done
  kill -KILL -$$
) >/dev/null 2>&1 & watcher=$!
exec 3<&-
wait "$program"; code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

/** Starts a program that ends when `stop` is called or when this process ends in any way. */
export function spawnGuarded(command: string[], options: GuardOptions): GuardedProcess {
  const { stopSignal, patienceSeconds = 20, stdout = 'ignore', stderr = 'pipe', ...rest } = options;
  const [program = '', ...args] =
    process.platform === 'win32' ? command : ['sh', '-c', GUARD, 'guard', stopSignal, String(patienceSeconds), ...command];
  const child = spawn(program, args, {
    ...rest,
    stdio: ['pipe', stdout, stderr],
    detached: process.platform !== 'win32',
  });
  child.stdin?.on('error', () => {}); // the program may end first
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = once(child, 'exit');
    if (process.platform === 'win32') child.kill();
    else child.stdin?.end();
    await gone;
  };
  return { child, exited, stop };
}
