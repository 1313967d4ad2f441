import { spawnSync } from 'node:child_process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { spawnGuarded } from '#db/guarded-process.ts';
import { keepRunning } from '#scripts/instance/keep-running.ts';

const sleeper = () => spawnGuarded(['sleep', '60'], { stopSignal: 'TERM' });

describe('keepRunning', () => {
  it('starts again what ended by itself, and stops it for good when told', async () => {
    const log: string[] = [];
    const started = [sleeper()];
    const again = async () => {
      started.push(sleeper());
      return started.at(-1)!;
    };
    const kept = keepRunning('The sleeper', started[0]!, again, ({ text }) => log.push(text));
    await started[0]!.stop();
    await expect.poll(() => started.length, { timeout: 30_000 }).toBe(2);
    expect(log).toEqual([expect.stringMatching(/^The sleeper ended \(exit \d+\); starting it again in 0\.5 s$/)]);

    await kept.stop();
    await started[1]!.exited;
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(started).toHaveLength(2);
  });

  it('waits twice as long after each start that fails', async () => {
    const log: string[] = [];
    const failing = () => Promise.reject(new Error('no room'));
    const kept = keepRunning('It', spawnGuarded(['true'], { stopSignal: 'TERM' }), failing, ({ text }) => log.push(text));
    await expect.poll(() => log.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(4);
    await kept.stop();
    expect(log.slice(1, 4)).toEqual(['It did not start: no room', expect.stringContaining('in 1 s'), 'It did not start: no room']);
  });

  it('keeps its process in the pause before a start, where the program was all that it had', () => {
    const whole = `
      const { spawnGuarded } = await import('./db/guarded-process.ts');
      const { keepRunning } = await import('./scripts/instance/keep-running.ts');
      const failed = spawnGuarded(['false'], { stopSignal: 'TERM' });
      keepRunning('It', failed, async () => process.exit(7), () => {});`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', whole], { encoding: 'utf8' });
    expect(status).toBe(7);
  });

  it('stops at once in the pause before a start', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] }); // so that the pause never ends by itself
    onTestFinished(() => void vi.useRealTimers());
    const paused = Promise.withResolvers<void>();
    const failed = spawnGuarded(['false'], { stopSignal: 'TERM' });
    const kept = keepRunning(
      'It',
      failed,
      async () => sleeper(),
      () => paused.resolve(),
    );
    await paused.promise;
    await kept.stop();
  });
});
