// npm run make-record -- --signatures N --out FILE [--faults]
// Writes a record of N synthetic signatures that were all revealed, by 2 of 4 trustees. Up to 200 are proven for real, a second
// or more each. Beyond that the proofs are forged under a key whose trapdoor everybody knows: `verify-record --bench` takes it,
// and nothing else does. --faults plants a bad proof, a step that is not proven and a wrong opening.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { MOST_MEMBERS } from '#lib/protocol/statement/statement.ts';
import { root } from './instance/runtime.ts';
import { BENCH_SETUP, makeBenchKey } from './make-record/bench-key.ts';
import { createBenchSigner, createRealSigner, type Signer } from './make-record/sign-entries.ts';
import { type KeyToUse, type MadeGroup, makeCommittee, makeGroups, makeStatement } from './make-record/stage.ts';
import { writeRecord } from './make-record/write-record.ts';

const USAGE = 'npm run make-record -- --signatures N --out FILE [--faults]';
const MOST_REAL = 200;
const TRUSTEES = 4;

const { signatures, out, faults } = readArguments();
const random: Random = (length) => new Uint8Array(randomBytes(length));
const { key, sign } = await createSigner();
tell(`the rolls of ${signatures} members`);
const groups = makeGroups(signatures, random);
const platform = random(32);
const trustees = Array.from({ length: TRUSTEES }, () => random(32));
const context = makeStatement(groups, { count: signatures }, platform, trustees, key, random);
const committee = makeCommittee(context, trustees, random);
const entries = await signAll();
const lines = writeRecord({ context, groups, committee, entries, platform, random, faulty: faults, tell });
await pipeline(lines, createWriteStream(out));
tell('');
console.log(`${out}: ${signatures} signatures${signatures > MOST_REAL ? ', for verify-record --bench only' : ''}`);
process.exit(0); // the prover keeps threads

function readArguments(): { signatures: number; out: string; faults: boolean } {
  const stop = (reason: string): never => {
    console.error(`${reason}\n\n  ${USAGE}`);
    process.exit(2);
  };
  try {
    const options = { signatures: { type: 'string' }, out: { type: 'string' }, faults: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ options });
    const number = /^[1-9][0-9]{0,6}$/.test(values.signatures ?? '') ? Number(values.signatures) : 0;
    if (number < 2 || number > MOST_MEMBERS) return stop(`--signatures takes a number from 2 to ${MOST_MEMBERS}.`);
    if (values.faults && number < 4) return stop('--faults takes at least 4 signatures.');
    if (!values.out) return stop('--out names the file to write.');
    return { signatures: number, out: path.resolve(process.env.INIT_CWD ?? process.cwd(), values.out), faults: values.faults };
  } catch (error) {
    return stop((error as Error).message);
  }
}

async function createSigner(): Promise<{ key: KeyToUse; sign: Signer }> {
  if (signatures > MOST_REAL) {
    const bench = await makeBenchKey();
    return { key: { verificationKey: bench.hash, setup: BENCH_SETUP }, sign: createBenchSigner(bench, random) };
  }
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  const manifest = await loadManifest(fetchFile);
  if (!manifest.ok) throw new Error(manifest.code);
  const { verificationKey, transcript } = currentKey(manifest.value);
  return { key: { verificationKey, setup: transcript }, sign: await createRealSigner(manifest.value, fetchFile, random) };
}

async function signAll(): Promise<Entry[]> {
  const made: Entry[] = [];
  for (const group of groups)
    for (let member = 0; member < group.leaves.length && made.length < signatures; member++) {
      made.push(await sign(context, committee.keyed, group as MadeGroup, member));
      if (made.length % 10 === 0) tell(`${made.length} of ${signatures} signatures`);
    }
  return made;
}

/** What is being made, on one line, for a person who waits. */
function tell(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
}
