import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { CHAPTERS } from './make-vectors/all-chapters.ts';
import { applyEdits, readLine } from './make-vectors/end-record.ts';
import { createProver, type KnownProofs } from './make-vectors/prove-once.ts';
import { makeRecordFiles, type RecordVectors } from './make-vectors/record-files.ts';
import { makeRecordScenes } from './make-vectors/records.ts';
import { checkLines, readRecord, readVector, rememberingProofSystem } from './remembering-proofs.ts';

vi.mock('#lib/protocol/messages/ed25519.ts', async (load) => (await import('./remember.ts')).rememberEd25519(await load()));
vi.mock('#lib/protocol/key/key-judgement.ts', async (load) => (await import('./remember.ts')).rememberJudgement(await load()));

const folder = new URL('../vectors/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const records = JSON.parse(read('records.json')) as RecordVectors;

describe('the records of test/vectors', () => {
  let proofs: ProofSystem;
  const bases = new Map<string, string[]>();

  beforeAll(async () => {
    proofs = await rememberingProofSystem();
    for (const { file } of records.good) bases.set(file, await readRecord(file));
  });

  it.each(records.good)('$file is good and ends $state', async ({ file, state, names, openedBy, unopened, signatures, culprits }) => {
    const report = await checkLines(bases.get(file) as string[], proofs);
    expect(report.failures).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.names.map(({ name }) => name).sort()).toEqual([...names].sort());
    const { openedBy: by, culprits: named } = report;
    expect({ state: report.state, by, unopened: report.unopened.length, signatures: report.signatures, named }).toEqual({
      ...{ state, by: openedBy, unopened, signatures, named: culprits },
    });
  });

  it.each(records.faults)('$file fails with $expect at line $line: $name', async ({ file, edits, unended, expect: code, line }) => {
    const report = await checkLines(applyEdits(bases.get(file) as string[], edits), proofs, !unended);
    expect(report.ok).toBe(false);
    expect(report.failures.map((failure) => `${failure.line} ${failure.code}`)).toContain(`${line} ${code}`);
  });

  it('have a fault for every failure that a record can show', async () => {
    const spec = readFileSync(new URL('../../SPEC.md', import.meta.url), 'utf8');
    const [, table = ''] = /### 12\.7[^\n]*\n(.*?)\nNot failures of a record/s.exec(spec) ?? [];
    expect(table).toContain('END_TIME');
    const codes = [...table.matchAll(/`([A-Z_0-9]{5,})`/g)].map(([, code]) => code as string);
    const shown = new Set(records.faults.map((fault) => fault.expect));
    // These are refused the same way as their neighbours; statements.json and rolls.json have them.
    const elsewhere = new Set(['BAD_TEXT', 'BAD_COMMITTEE', 'BAD_PLATFORM', 'BAD_GROUP', 'ROLL_TRUSTEES']);
    expect([...new Set(codes)].filter((code) => !shown.has(code) && !elsewhere.has(code))).toEqual([]);
  });

  it('are what scripts/make-vectors.ts writes, given the proofs that it keeps', async () => {
    const { statement } = readLine((await readRecord('record-revealed.ndjson'))[0] as string) as unknown as { statement: Statement };
    const known = JSON.parse(await readVector('proofs.json')) as KnownProofs;
    const prove = createProver(known, () => {
      throw new Error('run node scripts/make-vectors.ts: the vectors need a proof that they do not hold');
    });
    const scenes = await makeRecordScenes({ verificationKey: statement.verificationKey, setup: statement.setup }, prove);
    for (const [name, text] of makeRecordFiles(scenes)) expect(await readVector(name), name).toBe(text);
  });

  it('hold nothing that no test reads', () => {
    const known = [
      'README.md',
      'proofs.json',
      'records.json',
      'tallies.json',
      ...records.good.map(({ file }) => file),
      ...CHAPTERS.map(({ file }) => file),
    ];
    expect(readdirSync(folder).sort()).toEqual(known.sort());
  });
});
