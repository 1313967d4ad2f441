import { beforeAll, describe, expect, it, vi } from 'vitest';
import { headOf } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import type { Proof } from '#lib/protocol/board/signature.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { RecordProofs } from '#lib/protocol/record/proof-queue.ts';
import { createReading } from '#lib/protocol/record/reading.ts';
import { type Failure, noneOfEach, type ProofSystem } from '#lib/protocol/record/report.ts';
import { describeReading } from '#lib/protocol/record/summary.ts';
import { workHere } from '#lib/protocol/record/work.ts';
import { selectCosignatures } from '#lib/protocol/record/writer.ts';
import { type Destroyed, signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { cosign, type RecordParts, writeRecord } from '../support/record-parts.ts';
import { endAgain, readLine } from './make-vectors/end-record.ts';
import { createProver, type KnownProofs } from './make-vectors/prove-once.ts';
import { makeRecordScenes, type RecordScenes } from './make-vectors/records.ts';
import { checkLines, readRecord, readVector, rememberingProofSystem } from './remembering-proofs.ts';

vi.mock('#lib/protocol/messages/ed25519.ts', async (load) => (await import('./remember.ts')).rememberEd25519(await load()));
vi.mock('#lib/protocol/key/key-judgement.ts', async (load) => (await import('./remember.ts')).rememberJudgement(await load()));

let proofs: ProofSystem;
let scenes: RecordScenes;
let revealed: string[];
const typed = (type: string) => revealed.filter((text) => readLine(text).type === type);
const codesOf = (failures: readonly Failure[]) => failures.map(({ code }) => code);
const verify = (parts: RecordParts, change: Partial<RecordParts>) => checkLines(writeRecord({ ...parts, ...change }), proofs);

beforeAll(async () => {
  proofs = await rememberingProofSystem();
  revealed = await readRecord('record-revealed.ndjson');
  const statement = readLine(revealed[0] as string).statement as Record<string, string>;
  const prove = createProver(JSON.parse(await readVector('proofs.json')) as KnownProofs, () => {
    throw new Error('run node scripts/make-vectors.ts');
  });
  scenes = await makeRecordScenes({ verificationKey: statement.verificationKey as string, setup: statement.setup as string }, prove);
});

describe('a verifier of records', () => {
  it('T20: never passes a record whose proofs it could not check, whenever the proof system broke', async () => {
    const broken = (delay: number): ProofSystem => ({
      isListed: proofs.isListed,
      findBadProofs: async () => {
        if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
        throw new Error('the worker is gone');
      },
    });
    for (const delay of [0, 20]) await expect(checkLines(revealed, broken(delay))).rejects.toThrow('the worker is gone');
    // A batch that breaks while lines are still read: that must not be forgotten by the end.
    const queue = new RecordProofs('00'.repeat(32), broken(0), { fail: () => {}, count: () => {}, hasFailed: () => false });
    const { proof } = readLine(typed('entry')[0] as string) as unknown as { proof: Proof };
    for (let i = 0; i < 256; i++) await queue.add(i, proof, []);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(queue.settle()).rejects.toThrow('the worker is gone');
  });

  it('asks for every proof with the signals that it worked out itself', async () => {
    let asked = 0;
    const counting: ProofSystem = {
      isListed: proofs.isListed,
      findBadProofs: async (key, batch) => {
        asked += batch.length;
        for (const item of batch) expect(item.publicSignals).toHaveLength(11);
        return proofs.findBadProofs(key, batch);
      },
    };
    const report = await checkLines(revealed, counting);
    expect([asked, report.checked.proofs, report.checked.entries]).toEqual([6, 6, 6]);
  });

  it('T37: takes no verification key or setup from the record, only those on its own list', async () => {
    const report = await checkLines(revealed, { isListed: () => false, findBadProofs: async () => [] });
    expect(codesOf(report.failures)).toEqual(['KEY_UNKNOWN']);
    expect(report.names).toEqual([]);
  });

  it('T5: reports a bad proof at its line', async () => {
    const report = await checkLines(revealed, { isListed: proofs.isListed, findBadProofs: async () => [2] });
    const line = revealed.indexOf(typed('entry')[2] as string) + 1;
    expect(report.failures).toMatchObject([{ code: 'BAD_PROOF', line, step: 'proofs' }]);
  });

  it('survives hostile numbers: a checkpoint of number four billion does not size anything', async () => {
    const lines = revealed.map((text) =>
      text === typed('checkpoint')[1] ? canonicalJson({ ...readLine(text), number: 4_294_967_295 }) : text,
    );
    expect(codesOf((await checkLines(endAgain(lines), proofs)).failures)).toContain('CHECKPOINT_SIGNATURE');
  });

  it('reads any lines without throwing, and passes none of them', async () => {
    const oddities: Json[] = [
      5,
      'x',
      true,
      [],
      {},
      { type: 5 },
      { type: 'end' },
      { type: 'roll' },
      { type: 'entry' },
      { type: '__proto__' },
      { type: 'wave', groups: 5 },
      { type: 'mix-list' },
    ];
    const places = [0, 1, 4, 20, 26, 27, 31, 37, 42, 43, revealed.length];
    for (const odd of oddities)
      for (const at of places) {
        const lines = [...revealed.slice(0, at), canonicalJson(odd), ...revealed.slice(at)];
        expect((await checkLines(lines, proofs)).ok, `${JSON.stringify(odd)} at ${at}`).toBe(false);
      }
    expect((await checkLines([], proofs)).failures).toMatchObject([{ code: 'NO_HEADER', line: 0 }]);
    expect((await checkLines([''], proofs)).ok).toBe(false);
  });

  it('reads every line in the place of every other without throwing', async () => {
    const one = ['entry', 'mix', 'mix-list', 'opening', 'names', 'wave', 'destroyed', 'checkpoint'];
    const ended = await readRecord('record-ended.ndjson');
    const kinds = one.map((type) => ended.find((text) => readLine(text).type === type) as string);
    for (const text of kinds)
      for (let at = 4; at < ended.length; at += 3) {
        const lines = endAgain([...ended.slice(0, at), text, ...ended.slice(at + 1)]);
        if (lines.join() !== ended.join()) expect((await checkLines(lines, proofs)).ok, `${readLine(text).type} at ${at}`).toBe(false);
      }
  });

  it('T10: shows who was revealed by group and wave, and who opened', async () => {
    const report = await checkLines(revealed, proofs);
    expect(report.names.map(({ wave }) => wave)).toEqual([1, 1, 1, 1, 2, 2]);
    expect(new Set(report.names.map(({ group }) => group)).size).toBe(2);
    expect([report.equalNames, report.equalTokens]).toEqual([[], 0]);
  });

  it('T4: flags a name that stands twice: in two groups, in two waves, or as two signatures of one token', () => {
    const reading = createReading({ fail: () => {}, count: () => {}, hasFailed: () => false }, proofs, workHere, () => ({
      lines: 0,
      hash: '00'.repeat(32),
    }));
    const shown = (group: string, wave: number, token: string, name: string | null) =>
      reading.names.push({ group: group.repeat(32), wave, token: [token, '1'], name });
    const flags = () => {
      const { equalNames, equalTokens } = describeReading(reading, { failures: [], failed: noneOfEach(), checked: noneOfEach() });
      return [equalNames, equalTokens];
    };
    for (const [i, name] of ['Ann', 'Ben', 'Chloé', null, null].entries()) shown('aa', 1, String(i), name);
    expect(flags()).toEqual([[], 0]);
    shown('bb', 1, '7', 'Ann');
    shown('aa', 2, '8', 'Ben');
    expect(flags()).toEqual([['Ann', 'Ben'], 0]);
    shown('aa', 2, '2', 'Chloé');
    expect(flags()).toEqual([['Ann', 'Ben', 'Chloé'], 1]);
  });

  it('T11: is not stopped by one trustee’s missing opening', async () => {
    const { parts } = scenes.revealed;
    const waves = parts.waves.map((wave) => ({ ...wave, openings: wave.openings.filter(({ trustee }) => trustee !== 1) }));
    const report = await verify(parts, { waves });
    expect(report.failures).toEqual([]);
    expect(report.openedBy).toEqual([
      [2, 3, 4],
      [2, 3],
    ]);
    expect(report.names).toHaveLength(6);
  });

  it('T45: passes a token without a name, which counts and is told as unreadable', async () => {
    const { parts } = scenes.revealed;
    const waves = parts.waves.map((wave) => ({
      ...wave,
      names: wave.names.map((line) => ({
        ...line,
        names: line.names.map(({ token }, i) => (i === 0 ? { token } : (line.names[i] as (typeof line.names)[0]))),
      })),
    }));
    const report = await verify(parts, { waves });
    expect(report.failures).toEqual([]);
    expect(report.names.filter(({ name }) => name === null)).toHaveLength(3);
  });

  it('T30, T39: takes waves of final checkpoints only, and needs none', async () => {
    const { parts } = scenes.revealed;
    expect(codesOf((await verify(parts, { cosignatures: [] })).failures)).toEqual(['WAVE_NOT_FINAL', 'WAVE_NOT_FINAL']);
    const nothing = await verify(parts, { cosignatures: [], waves: [] });
    expect([nothing.ok, nothing.state]).toEqual([true, 'open']);
  });
});

describe('the word of the trustees', () => {
  const attest = (trustee: number, said: object) => {
    const { key, parts } = scenes.ended;
    const author = key.authors[trustee - 1] as (typeof key.authors)[0];
    return signDestroyed(author, { waves: [], ...said }, destructionTime(parts.context.statement));
  };

  it('T54: convicts a platform that hides a reveal or cuts the board short', async () => {
    const { parts } = scenes.ended;
    const hidden = await verify(parts, { waves: parts.waves.slice(0, 1) });
    expect(hidden.failures).toMatchObject([{ code: 'VOUCHED_MISSING', line: 0 }]);
    const short = await verify(parts, { checkpoints: parts.checkpoints.slice(0, 4), waves: parts.waves.slice(0, 1) });
    expect(codesOf(short.failures)).toContain('VOUCHED_MISSING');
  });

  it('T59: of one rogue spoils no record, whatever it says', async () => {
    const { parts } = scenes.ended;
    const rogue = attest(4, {
      head: { number: 99, checkpoint: 'ab'.repeat(32) },
      waves: [{ number: 7, content: 'cd'.repeat(32), opened: true }],
    });
    const report = await verify(parts, { destroyed: [...parts.destroyed, rogue] });
    expect([report.failures, report.state, report.unopened]).toEqual([[], 'revealed', []]);
  });

  it('T60: is missed where it is not there: the platform alone says that a statement has ended', async () => {
    const { parts } = scenes.destroyed;
    for (const count of [0, 1, 2]) expect((await verify(parts, { destroyed: parts.destroyed.slice(0, count) })).state).toBe('unvouched');
    expect((await verify(parts, {})).state).toBe('destroyed');
  });

  it('tells a later wave that was not opened beside one that was', async () => {
    const { parts } = scenes.ended;
    const [one, two] = (parts.destroyed[0] as Destroyed).waves as [Destroyed['waves'][0], Destroyed['waves'][0]];
    const said = { waves: [one, { ...two, opened: false }] };
    const report = await verify(parts, { waves: parts.waves.slice(0, 1), destroyed: [1, 2, 3].map((trustee) => attest(trustee, said)) });
    expect(report.failures).toEqual([]);
    expect([report.state, report.unopened]).toEqual(['revealed', [{ number: 2, content: two.content }]]);
  });
});

describe('the cosignatures of a record', () => {
  it('T23: name a trustee that forked the board, on it or beyond its end, and do not spoil the record of an honest platform', async () => {
    const { key, parts } = scenes.revealed;
    const author = key.authors[2] as (typeof key.authors)[0];
    const at = (number: number, hash: string) => signCosignature(author, { number, hash });
    const forks = [[at(4, 'ab'.repeat(32))], [at(9_999_999, 'ab'.repeat(32)), at(9_999_999, 'cd'.repeat(32))]];
    for (const fork of forks) {
      const report = await verify(parts, { cosignatures: [...parts.cosignatures, ...fork] });
      expect(report.failures).toEqual([]);
      expect(report.culprits).toEqual([{ trustee: 3, reason: 'FORKED' }]);
    }
  });

  it('are the latest of each trustee, which vouch for all before', () => {
    const { key, parts } = scenes.revealed;
    const hashes = parts.checkpoints.map((checkpoint) => headOf(checkpoint).hash);
    const all = key.authors.flatMap((author) => parts.checkpoints.slice(0, author.trustee + 1).map((one) => cosign(author, one)));
    const chosen = selectCosignatures(hashes, all.reverse());
    expect(chosen.map(({ number, trustee }) => `${number}/${trustee}`)).toEqual(['2/1', '3/2', '4/3', '5/4']);
  });
});
