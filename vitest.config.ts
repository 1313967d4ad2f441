import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// `server-only` throws outside a bundler; here the arrows are checked by test/architecture.test.ts instead.
const empty = path.resolve(import.meta.dirname, 'test/support/empty.ts');

/** What takes longest, longest first, so that no worker begins one of these when the others are done. The rest goes by size. */
const LONGEST = [
  ...['browser/whole-path', 'browser/twelve-signers', 'scripts/instance/web-process', 'setup-ceremony/verify', 'browser/ceremony'],
  ...['browser/issuers', 'browser-lib/vault', 'scripts/demo/demo', 'setup-ceremony/steps', 'server/disk-traces'],
  ...['trustee/lying-platform', 'scripts/verify-record', 'server/ticker', 'server/built-server', 'scripts/issuer', 'agent/pages'],
  ...['scripts/sign', 'trustee/real-platform', 'trustee/platform-calls', 'server/ceremony-contributions', 'scripts/command-line'],
  ...['protocol/record-tampering', 'browser-lib/workers', 'trustee/misbehaving-mixers', 'proof/verify', 'browser-lib/roll-workers'],
  ...['trustee/kill', 'server/challenges', 'bench/make-record'],
].map((name) => path.resolve(import.meta.dirname, `test/${name}.test.ts`));
for (const file of LONGEST) if (!existsSync(file)) throw new Error(`${file} is gone: take it from the list of the longest tests`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (LONGEST.includes(moduleId) ? LONGEST.indexOf(moduleId) : LONGEST.length);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** What replaces modules, clocks, globals or the environment has a process of its own. The others of a worker share theirs: half of
 * the time of a short file is the loading of its modules. */
const CHANGES_ITS_PROCESS = /\bvi\.(mock|spyOn|stub\w+|useFake\w+|setSystemTime)\(|\bprocess\.(env\.?\b.*[^=!]=[^=]|chdir|seteuid)/;
const files = globSync('test/**/*.test.{ts,tsx}', { cwd: import.meta.dirname });
const alone = files.filter((file) => CHANGES_ITS_PROCESS.test(readFileSync(path.resolve(import.meta.dirname, file), 'utf8')));

export default defineConfig({
  resolve: { alias: { 'server-only': empty, 'client-only': empty } },
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'together', include: files.filter((file) => !alone.includes(file)), isolate: false } },
    ],
    pool: 'forks',
    // One more than there are cores: some tests wait, for a deadline, a browser or another process.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000, // a machine with other things to do takes five times as long
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    env: { TZ: 'UTC' },
  },
});
