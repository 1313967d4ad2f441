// npm run release [-- --out FOLDER]
// Writes what a release consists of, from the commit that is checked out: source, verifier, list of packages, SHA256SUMS. docs/releases.md
// says how to compare.
import path from 'node:path';
import { callersPath } from './command-line/callers-files.ts';
import { readCommandLine, runScript } from './command-line/run-script.ts';
import { root } from './instance/runtime.ts';
import { makeRelease } from './release/make-release.ts';

const USAGE = `npm run release -- [--out FOLDER]

  --out   where source, verifier, list of packages and their hashes are written, instead of build/release`;

await runScript(USAGE, async () => {
  const { out } = readCommandLine({ options: { out: { type: 'string' } } }).values;
  process.stdout.write(await makeRelease(root, out ? callersPath(out) : path.join(root, 'build', 'release')));
});
