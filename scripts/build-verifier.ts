// npm run build:verifier [-- --out FOLDER]
// Builds the record check as one HTML page and one Node script that need nothing else, and writes their SHA-256 beside them.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeVerifierFiles } from './build-verifier/make-files.ts';
import { root } from './instance/runtime.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const folder = values.out ? path.resolve(process.env.INIT_CWD ?? process.cwd(), values.out) : path.join(root, 'build', 'verifier');
mkdirSync(folder, { recursive: true });
const files = await makeVerifierFiles();
const sums = files.map(({ name, text }) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`).join('');
for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
writeFileSync(path.join(folder, 'SHA256SUMS'), sums);
process.stdout.write(sums);
