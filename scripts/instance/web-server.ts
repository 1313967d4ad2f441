import { type GuardedProcess, spawnGuarded } from '#db/guarded-process.ts';
import { relayLines } from './relay-lines.ts';
import { root, runtimeEnv } from './runtime.ts';

type WebOptions = {
  /** `start` serves what buildPages has built; `dev` compiles each page as it is asked for. */
  mode: 'start' | 'dev';
  listen: { addresses: readonly string[]; port: number };
  /** The variables of lib/server/env.ts. */
  settings: Record<string, string | undefined>;
};

/** The line by which the web process says that it answers: somebody else's answer on the same port would not tell that. */
export const READY = 'round-robin: ready';

const PATIENCE_MS = 120_000;

/**
 * Starts the web process and waits until it says that it answers.
 * @param log gets every line that it writes
 * @throws Error when it ends first or stays silent for two minutes
 */
export async function startWeb({ mode, listen, settings }: WebOptions, log: (line: string) => void): Promise<GuardedProcess> {
  const env = { ...runtimeEnv(), ...settings, NODE_ENV: mode === 'dev' ? ('development' as const) : ('production' as const) };
  const script = ['--disable-warning=ExperimentalWarning', 'scripts/instance/web-process.ts'];
  const command = [process.execPath, ...script, mode, String(listen.port), ...listen.addresses];
  const web = spawnGuarded(command, { cwd: root, env, stopSignal: 'TERM', stdout: 'pipe', patienceSeconds: 8 });
  const ready = new Promise<'ready'>((resolve) => {
    relayLines(web.child, (line) => (line === READY ? resolve('ready') : log(`[web] ${line}`)));
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), PATIENCE_MS);
  });
  const outcome = await Promise.race([ready, late, web.exited]);
  clearTimeout(timer);
  if (outcome === 'ready') return web;
  await web.stop();
  if (outcome === 'late') throw new Error(`The web server did not answer within ${PATIENCE_MS / 1000} s.`);
  throw new Error(`The web server ended at once (exit ${outcome}); its own words stand above.`);
}
