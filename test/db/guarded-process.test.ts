import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { spawnGuarded } from '#db/guarded-process.ts';
import { isRunning } from '../support/is-running.ts';

/** A program that does not end when it is asked to, and has started another that does not either. */
const STUBBORN = ['sh', '-c', 'trap "" TERM; (trap "" TERM; while :; do sleep 1; done) & echo $! $$; while :; do sleep 1; done'];

async function readPids(child: ChildProcess): Promise<number[]> {
  if (!child.stdout) throw new Error('nothing can be read');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return line.split(' ').map(Number);
}

describe('a guarded process', () => {
  it('that does not end in order is killed after its patience, with what it has started', async () => {
    const guarded = spawnGuarded(STUBBORN, { stopSignal: 'TERM', stdout: 'pipe', patienceSeconds: 1 });
    const pids = await readPids(guarded.child);
    expect(pids.map(isRunning)).toEqual([true, true]);
    await guarded.stop();
    await expect.poll(() => pids.map(isRunning), { timeout: 20_000 }).toEqual([false, false]);
  });

  it('is killed likewise when who started it was killed with -9', async () => {
    const code = `import { spawnGuarded } from ${JSON.stringify(path.resolve('db/guarded-process.ts'))};
      spawnGuarded(${JSON.stringify(STUBBORN)}, { stopSignal: 'TERM', stdout: 'inherit', patienceSeconds: 1 });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pids = await readPids(parent);
    parent.kill('SIGKILL');
    await expect.poll(() => pids.map(isRunning), { timeout: 20_000 }).toEqual([false, false]);
  });

  it('that ends in order is given the time for it', async () => {
    const orderly = ['sh', '-c', 'trap "sleep 1; exit 7" TERM; echo 1; while :; do sleep 0.1; done'];
    const guarded = spawnGuarded(orderly, { stopSignal: 'TERM', stdout: 'pipe', patienceSeconds: 20 });
    await readPids(guarded.child);
    await guarded.stop();
    expect(await guarded.exited).toBe(7);
  });
});

describe('a process whose output nobody reads any more', () => {
  it.each([1, 2])('ends, where that is its stream %i', async (stream) => {
    const code = `import { endOnBrokenPipe } from ${JSON.stringify(path.resolve('lib/host/broken-pipe.ts'))};
      endOnBrokenPipe();
      process.on('uncaughtException', (error) => console.error(error)); // as Next does
      setInterval(() => ${stream === 1 ? 'console.log' : 'console.error'}('still here'), 20);`;
    const stdio = ['ignore', stream === 1 ? 'pipe' : 'ignore', stream === 2 ? 'pipe' : 'ignore'] as const;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: [...stdio] });
    const pipe = child.stdio[stream];
    if (!pipe) throw new Error('no pipe');
    await once(pipe, 'readable');
    pipe.destroy();
    const [exit] = (await once(child, 'exit')) as [number];
    expect(exit).toBe(1);
  });
});
