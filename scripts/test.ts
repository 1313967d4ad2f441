// npm test [-- vitest arguments]
// Builds the pages that the browser tests open, then runs the tests; named tests build what they need themselves.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildPages } from './instance/build-pages.ts';
import { root } from './instance/runtime.ts';

const args = process.argv.slice(2);
if (args.length === 0) await buildPages((line) => console.log(line));
const vitest = spawnSync(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(vitest.status ?? 1);
