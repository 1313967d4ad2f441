// npm run build:verifier [-- --out FOLDER]
// Builds the record check as one HTML page and one Node script that need nothing else, and writes their SHA-256 beside them.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '#lib/host/make-folder.ts';
import { makeVerifierFiles } from './build-verifier/make-files.ts';
import { callersPath } from './command-line/callers-files.ts';
import { readCommandLine, runScript } from './command-line/run-script.ts';
import { root } from './instance/runtime.ts';

const USAGE = `npm run build:verifier -- [--out FOLDER]

  --out   where the page, the script and their hashes are written, instead of build/verifier`;

await runScript(USAGE, async () => {
  const { out } = readCommandLine({ options: { out: { type: 'string' } } }).values;
  const folder = out ? callersPath(out) : path.join(root, 'build', 'verifier');
  makeFolder(folder);
  const files = await makeVerifierFiles();
  const sums = files.map(({ name, text }) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`).join('');
  for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, 'SHA256SUMS'), sums);
  process.stdout.write(sums);
});
