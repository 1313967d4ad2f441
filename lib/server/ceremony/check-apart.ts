import 'server-only';
import { fork } from 'node:child_process';
import path from 'node:path';
import { bareEnv } from '#lib/host/bare-env.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { ContributionToCheck, ContributionVerdict } from './checking-process.ts';

const FILE = path.join('lib', 'server', 'ceremony', 'checking-process.ts');
const LIMIT_MS = 900_000;

/**
 * Checks an offer in a process of its own, which gets none of this one's settings.
 * @throws Error when the process fails, takes longer than a quarter of an hour, or `signal` ends it
 */
export function checkApart(request: ContributionToCheck, signal: AbortSignal): Promise<Checked<null, 'KEY_BROKEN'>> {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), FILE);
  const child = fork(/* turbopackIgnore: true */ file, [], {
    env: bareEnv(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
  });
  const { promise, resolve, reject } = Promise.withResolvers<Checked<null, 'KEY_BROKEN'>>();
  child.on('error', reject);
  child.on('exit', (code) => reject(new Error(`the check of a contribution ended without an answer (exit ${code})`)));
  child.on('message', (reply: ContributionVerdict) =>
    'checked' in reply ? resolve(reply.checked) : reject(new Error(`the check of a contribution failed: ${reply.fault}`)),
  );
  child.send(request);
  return promise.finally(() => child.kill());
}
