// npm run make-record -- --signatures N --out FILE [--faults]
// Writes a record of N synthetic signatures that were all revealed, by 2 of 4 trustees. Up to 200 are proven for real, a second
// or more each. Beyond that the proofs are forged under a key whose trapdoor everybody knows: `verify-record --bench` takes it,
// and nothing else does. --faults plants a bad proof, a step that is not proven and a wrong opening.
import { randomBytes } from 'node:crypto';
import { createWriteStream, openSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { MOST_MEMBERS } from '#lib/protocol/statement/statement.ts';
import { callersPath } from './command-line/callers-files.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { root } from './instance/runtime.ts';
import { BENCH_SETUP, makeBenchKey } from './make-record/bench-key.ts';
import { createBenchSigner, createRealSigner, type Signer } from './make-record/sign-entries.ts';
import { type KeyToUse, type MadeGroup, makeCommittee, makeGroups, makeStatement } from './make-record/stage.ts';
import { writeRecord } from './make-record/write-record.ts';

const MOST_REAL = 200;
const TRUSTEES = 4;
const USAGE = `npm run make-record -- --signatures N --out FILE [--faults]

  --signatures   how many there are: up to ${MOST_REAL} are proven for real, beyond that forged for verify-record --bench
  --out          the file to write
  --faults       plants a bad proof, a step that is not proven and a wrong opening`;

const random: Random = (length) => new Uint8Array(randomBytes(length));

await runScript(USAGE, async () => {
  const { signatures, out, faults } = readArguments();
  const file = openSync(out, 'w'); // before minutes are spent on what goes there
  const { key, sign } = await createSigner(signatures);
  tell(`the rolls of ${signatures} members`);
  const groups = makeGroups(signatures, random);
  const platform = random(32);
  const trustees = Array.from({ length: TRUSTEES }, () => random(32));
  const context = makeStatement(groups, { count: signatures }, platform, trustees, key, random);
  const committee = makeCommittee(context, trustees, random);
  const entries = await signAll(groups, signatures, (group, member) => sign(context, committee.keyed, group, member));
  const lines = writeRecord({ context, groups, committee, entries, platform, random, faulty: faults, tell });
  await pipeline(lines, createWriteStream(out, { fd: file }));
  tell('');
  console.log(`${out}: ${signatures} signatures${signatures > MOST_REAL ? ', for verify-record --bench only' : ''}`);
  process.exit(0); // the prover keeps threads
});

function readArguments(): { signatures: number; out: string; faults: boolean } {
  const options = { signatures: { type: 'string' }, out: { type: 'string' }, faults: { type: 'boolean', default: false } } as const;
  const { signatures = '', out, faults } = readCommandLine({ options }).values;
  const number = /^[1-9][0-9]{0,6}$/.test(signatures) ? Number(signatures) : 0;
  if (number < 2 || number > MOST_MEMBERS) throw new UsageError(`--signatures takes a number from 2 to ${MOST_MEMBERS}.`);
  if (faults && number < 4) throw new UsageError('--faults takes at least 4 signatures.');
  if (!out) throw new UsageError('--out names the file to write.');
  return { signatures: number, out: callersPath(out), faults };
}

async function createSigner(signatures: number): Promise<{ key: KeyToUse; sign: Signer }> {
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

async function signAll(
  groups: readonly MadeGroup[],
  signatures: number,
  sign: (group: MadeGroup, member: number) => Promise<Entry>,
): Promise<Entry[]> {
  const made: Entry[] = [];
  for (const group of groups)
    for (let member = 0; member < group.leaves.length && made.length < signatures; member++) {
      made.push(await sign(group, member));
      if (made.length % 10 === 0) tell(`${made.length} of ${signatures} signatures`);
    }
  return made;
}

/** What is being made, on one line, for a person who waits. */
function tell(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
}
