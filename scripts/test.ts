// npm test [-- vitest arguments]
// Without arguments it runs everything, and makes once what many files need: the pages that the browser tests open, a PostgreSQL in
// which each file gets a database of its own, and a folder for what the first to need it makes for all (test/support/made-once.ts).
// Named tests make what they need themselves.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startTestPostgres } from '#test/support/postgres.ts';
import { buildPages } from './instance/build-pages.ts';
import { root } from './instance/runtime.ts';

const args = process.argv.slice(2);
const isWhole = args.length === 0;
// Tests start some two hundred processes on the same sources: Node keeps them compiled, by the hash of their content.
const env = { ...process.env, NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled') };

if (isWhole) await buildPages((line) => console.log(line));
process.exit(isWhole ? await runWhole() : await runVitest(env));

async function runWhole(): Promise<number> {
  const database = await startTestPostgres();
  const stages = mkdtempSync(path.join(tmpdir(), 'test-stages-'));
  const status = await runVitest({ ...env, TEST_DATABASE_URL: database.url, TEST_STAGES: stages });
  await database.stop();
  rmSync(stages, { recursive: true, force: true });
  return status;
}

function runVitest(env: NodeJS.ProcessEnv): Promise<number> {
  const command = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args];
  const vitest = spawn(process.execPath, command, { cwd: root, stdio: 'inherit', env });
  // Ctrl-C reaches the whole foreground group, so vitest has it already and ends by itself.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => vitest.kill(signal));
  return new Promise((resolve) => vitest.on('close', (code) => resolve(code ?? 1)));
}
