// node scripts/bench/first-proof.ts
// Prints the milliseconds of a first proof in a process of its own, from the click on with the files at hand as a page has them, and the
// median of those after it.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { proveSign } from '#lib/proof/prover.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { loadProvingKit } from '#lib/signing/prove-job.ts';
import { root } from '../instance/runtime.ts';
import { medianOf, timeOf } from './measure.ts';
import { makeSignInput } from './sign-input.ts';

const LATER = 5;
const random = (length: number) => new Uint8Array(randomBytes(length));
const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
const manifest = await loadManifest(fetchFile);
if (!manifest.ok) throw new Error(manifest.code);
const kit = await loadProvingKit(manifest.value, manifest.value.current, fetchFile);
if (!kit.ok) throw new Error(kit.code);
const { key, files } = kit.value;
const input = makeSignInput();
const prove = () => timeOf(async () => verifyProof(key, await proveSign(input, files, { random }), random));
const first = await prove();
const later: number[] = [];
for (let i = 0; i < LATER; i++) later.push(await prove());
console.log(JSON.stringify({ first, later: medianOf(later) }));
process.exit(0);
