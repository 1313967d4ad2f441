import { setTimeout as sleep } from 'node:timers/promises';
import { type GuardedProcess, spawnGuarded } from '#db/guarded-process.ts';
import { relayLines } from './relay-lines.ts';
import { nextCommand, root, runtimeEnv } from './runtime.ts';

type WebOptions = {
  /** `start` serves what buildPages has built; `dev` compiles each page as it is asked for. */
  mode: 'start' | 'dev';
  host: string;
  port: number;
  /** The variables of lib/server/env.ts. */
  settings: Record<string, string | undefined>;
  /** Whether `log` gets what the process writes to its standard output too, as always in `dev`. */
  withOutput?: boolean;
};

const PATIENCE_MS = 120_000;

/**
 * Starts the web process and waits until it answers.
 * @throws Error when it ends first or stays silent for two minutes
 */
export async function startWeb(options: WebOptions, log: (line: string) => void): Promise<GuardedProcess> {
  const { mode, host, port, settings, withOutput = mode === 'dev' } = options;
  const env = { ...runtimeEnv(), ...settings, NODE_ENV: mode === 'dev' ? ('development' as const) : ('production' as const) };
  const web = spawnGuarded(nextCommand(mode, '--hostname', host, '--port', String(port)), {
    cwd: root,
    env,
    stopSignal: 'TERM',
    stdout: withOutput ? 'pipe' : 'ignore', // Next's banner names an address that is not ours
    patienceMs: 8_000,
  });
  relayLines(web.child, (line) => log(`[web] ${line}`));
  let ended: number | undefined;
  void web.exited.then((code) => {
    ended = code;
  });
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await answers(port))) {
    if (ended !== undefined) throw new Error(`The web server ended at once (exit ${ended}); its own words stand above.`);
    if (Date.now() > giveUpAt) {
      await web.stop();
      throw new Error(`The web server did not answer within ${PATIENCE_MS / 1000} s.`);
    }
    await sleep(150);
  }
  return web;
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual', signal: AbortSignal.timeout(60_000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
