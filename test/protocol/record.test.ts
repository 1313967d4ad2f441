import { beforeAll, describe, expect, it } from 'vitest';
import { checkpointHash, signCosignature } from '#lib/protocol/board/board.ts';
import { type Entry, entryHash, type Proof } from '#lib/protocol/board/signature.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { compareCosignatures, selectCosignatures } from '#lib/protocol/record/record.ts';
import { ProofQueue } from '#lib/protocol/record/record-proofs.ts';
import type { ProofSystem } from '#lib/protocol/record/record-report.ts';
import { writeRecord } from '../support/record-parts.ts';
import { verifyLines } from '../support/verify-lines.ts';
import { createProver, type KnownProofs } from './make-vectors/prove-once.ts';
import { makeRecordScenes, type RecordScenes } from './make-vectors/records.ts';
import { readLine, sealAgain } from './make-vectors/seal-record.ts';
import { readRecord, readVector, rememberingProofSystem } from './remembering-proofs.ts';

let proofs: ProofSystem;
let scenes: RecordScenes;
let revealed: string[];
const typed = (type: string) => revealed.filter((text) => readLine(text).type === type);

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
    for (const delay of [0, 20]) await expect(verifyLines(revealed, broken(delay))).rejects.toThrow('the worker is gone');
    // A batch that breaks while lines are still read: that must not be forgotten by the end.
    const queue = new ProofQueue('00'.repeat(32), broken(0), { fail: () => {}, count: () => {} });
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
        for (const item of batch) expect(item.publicSignals).toHaveLength(13);
        return proofs.findBadProofs(key, batch);
      },
    };
    const report = await verifyLines(revealed, counting);
    expect([asked, report.checked.proofs, report.signatures]).toEqual([9, 9, 7]);
  });

  it('T37: takes no verification key or setup from the record, only those on its own list', async () => {
    const nobody: ProofSystem = { isListed: () => false, findBadProofs: async () => [] };
    const report = await verifyLines(revealed, nobody);
    expect(report.failures.map((failure) => failure.code)).toContain('KEY_UNKNOWN');
    expect(report.names).toEqual([]);
  });

  it('T5: reports a bad proof at its line', async () => {
    const report = await verifyLines(revealed, { isListed: proofs.isListed, findBadProofs: async () => [2] });
    const line = revealed.indexOf(typed('entry')[2] as string) + 1;
    expect(report.failures).toMatchObject([{ code: 'BAD_PROOF', line, step: 'proofs' }]);
  });

  it('survives hostile numbers: a checkpoint of number four billion does not size anything', async () => {
    const lines = revealed.map((text) =>
      text === typed('checkpoint')[1] ? canonicalJson({ ...readLine(text), number: 4_294_967_295 }) : text,
    );
    const start = performance.now();
    const report = await verifyLines(sealAgain(lines), proofs);
    expect(report.failures.map((failure) => failure.code)).toContain('CHECKPOINT_SIGNATURE');
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('refuses a checkpoint of more entries than a hidden tree can hold, instead of breaking', async () => {
    const hidden = await readRecord('record-hidden.ndjson');
    const entries = new Array<string>(2 ** 20 + 1).fill('00'.repeat(32));
    const lines = hidden.map((text) => (readLine(text).type === 'checkpoint' ? canonicalJson({ ...readLine(text), entries }) : text));
    expect((await verifyLines(lines, proofs)).failures.map((failure) => failure.code)).toContain('BAD_SHAPE');
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
      { type: 'wave', items: 5 },
    ];
    for (const odd of oddities)
      for (const at of [0, 1, 4, 14, 34, revealed.length]) {
        const lines = [...revealed.slice(0, at), canonicalJson(odd), ...revealed.slice(at)];
        expect((await verifyLines(lines.slice(0, 20), proofs)).ok).toBe(false);
      }
    expect((await verifyLines([], proofs)).failures).toMatchObject([{ code: 'NO_HEADER', line: 0 }, {}].slice(0, 1));
    expect((await verifyLines([''], proofs)).ok).toBe(false);
  });

  it('names every signer of a wave with group and wave, and equal names', async () => {
    const report = await verifyLines(revealed, proofs);
    expect(report.names.map(({ wave }) => wave).sort()).toEqual([1, 1, 1, 2, 2]);
    expect(new Set(report.names.map(({ group }) => group)).size).toBe(2);
    expect(report.equalNames).toEqual([]);
  });

  it('T9: accepts a hash in place of an entry only after the end, and says how many there are', async () => {
    const { parts } = scenes.ended;
    const lines = writeRecord({ ...parts, destroyed: [], writtenAt: parts.writtenAt - 100 });
    expect((await verifyLines(lines, proofs)).ok).toBe(true);
    const early = await verifyLines(writeRecord({ ...parts, destroyed: [], writtenAt: parts.writtenAt - 101 }), proofs);
    expect(early.failures.map((failure) => failure.code)).toEqual(['STUB_EARLY', 'STUB_EARLY', 'STUB_EARLY', 'STUB_EARLY']);
    expect(early.stubs).toBe(4);
  });

  it('T30: holds a wave among hashes to all that can still be checked', async () => {
    const { parts } = scenes.ended;
    const entries = parts.parts.flatMap((part) => part.entries);
    const [a0, b0, a1, , a2, b1, , b2] = byRole(parts.parts.map((part) => part.entries));
    const hashes = parts.parts.map((part) => checkpointHash(part.checkpoint));
    const onlyLast = new Set(
      entries.filter((entry) => entry.said.action === 'withdraw' && entry.nullifier === a0?.nullifier).map(entryHash),
    );
    const declare = async (waves: [checkpoint: number, signers: (Entry | undefined)[]][], stubs = parts.stubs) => {
      const lines = waves.map(([checkpoint, signers], i) => ({
        ...{ number: i + 1, checkpoint: hashes[checkpoint - 1] as string },
        items: signers.map((entry) => ({ nullifier: entry?.nullifier as string, ephemeral: entry?.ephemeral as Entry['ephemeral'] })),
      }));
      const report = await verifyLines(writeRecord({ ...parts, waves: lines, openings: [], stubs: stubs as Set<string> }), proofs);
      return report.failures.map((failure) => `${failure.code}: ${failure.detail}`);
    };
    const rising = (...signers: (Entry | undefined)[]) =>
      signers.sort((x, y) => (BigInt(x?.nullifier ?? 0) < BigInt(y?.nullifier ?? 0) ? -1 : 1));
    const first = rising(a0, a2, b1);
    const second = rising(a1, b2);

    expect(
      await declare([
        [2, first],
        [3, second],
      ]),
    ).toEqual([]);
    expect(
      await declare([
        [3, first],
        [3, second],
      ]),
    ).toEqual(['WAVE_MISMATCH: the wave before is of this checkpoint or a later one']);
    expect(await declare([[2, rising(a0, a2, b1, b2)]])).toEqual(['WAVE_MISMATCH: a signature came after this checkpoint']);
    expect(
      await declare(
        [
          [2, first],
          [3, rising(a1, b2, b0)],
        ],
        onlyLast,
      ),
    ).toEqual(['WAVE_MISMATCH: a signature was withdrawn by then']);
    expect(
      await declare([
        [2, [...first].reverse()],
        [3, second],
      ]),
    ).toEqual(['WAVE_MISMATCH: signatures must rise by nullifier and stand once']);
    expect(
      await declare([
        [2, first],
        [3, rising(a1, b2, a0)],
      ]),
    ).toEqual(['WAVE_MISMATCH: a signature was opened before']);
    expect(await declare([[2, rising(a0, b1)]])).toEqual(['WAVE_MISMATCH: the trigger is not met']);
    expect(await declare([[2, rising(a0, a2, b1, a1)]])).toEqual(['WAVE_MISMATCH: a personal minimum is not met']);
    expect(await declare([[2, rising(a0, a2, b0)]])).toEqual(['WAVE_ENTRY: a signature of the wave is not in the record']);
  });

  it('T30: derives the waves of final checkpoints only', async () => {
    const { parts } = scenes.revealed;
    const lines = writeRecord({ ...parts, cosignatures: [] });
    const report = await verifyLines(lines, proofs);
    expect(report.failures.map((failure) => failure.code)).toEqual(['WAVE_NOT_FINAL', 'WAVE_NOT_FINAL']);
    const nothing = await verifyLines(writeRecord({ ...parts, cosignatures: [], waves: [], openings: [] }), proofs);
    expect([nothing.ok, nothing.state]).toEqual([true, 'open']);
  });

  it('T11: is not stopped by one trustee’s missing opening, and shows who opened', async () => {
    const { parts } = scenes.revealed;
    const report = await verifyLines(
      writeRecord({ ...parts, openings: parts.openings.filter((opening) => opening.trustee !== 1) }),
      proofs,
    );
    expect(report.failures).toEqual([]);
    expect(report.openedBy).toEqual([[2, 3], [2]]);
    expect(report.names.map(({ wave }) => wave)).toEqual([1, 1, 1]);
  });
});

describe('the cosignatures of a record', () => {
  it('T23: name a trustee that forked the board, on it or beyond its end, and do not spoil the record of an honest platform', async () => {
    const { scene, parts } = scenes.revealed;
    const hashes = parts.parts.map((part) => checkpointHash(part.checkpoint));
    const seed = scene.committee.seeds[2] as Uint8Array;
    const cosign = (number: number, hash: string) => signCosignature(scene.context, 3, { number, hash, time: 0 }, seed);
    const forks = [
      [cosign(4, hashes[3] as string), cosign(4, 'ab'.repeat(32))],
      [cosign(9_999_999, 'ab'.repeat(32)), cosign(9_999_999, 'cd'.repeat(32))],
    ];
    for (const fork of forks) {
      const chosen = selectCosignatures(
        scene.context.statement,
        hashes,
        parts.waves.map((wave) => wave.checkpoint),
        [...parts.cosignatures, ...fork],
      );
      const report = await verifyLines(writeRecord({ ...parts, cosignatures: chosen }), proofs);
      expect(report.failures).toEqual([]);
      expect(report.culprits).toEqual([{ trustee: 3, reason: 'FORKED' }]);
    }
  });

  it('are those that waves and the end of the board need, and no others', () => {
    const { scene, parts } = scenes.revealed;
    const hashes = parts.parts.map((part) => checkpointHash(part.checkpoint));
    const all = scene.committee.seeds.flatMap((seed, i) =>
      hashes.map((hash, k) => signCosignature(scene.context, i + 1, { number: k + 1, hash, time: 0 }, seed)),
    );
    const chosen = selectCosignatures(scene.context.statement, hashes, [hashes[1] as string], [...all].reverse());
    expect(chosen.map(({ number, trustee }) => `${number}/${trustee}`)).toEqual(['2/1', '2/2', '2/3', '4/1', '4/2', '4/3']);
    expect(chosen).toEqual([...chosen].sort(compareCosignatures));
  });
});

/** The signatures and withdrawals of the scene in the order in which it made them, within a checkpoint by group and minimum. */
function byRole(checkpoints: readonly (readonly Entry[])[]): Entry[] {
  const groups = scenes.revealed.scene.groups.map((group) => group.id);
  const rank = ({ said }: Entry) =>
    (said.action === 'withdraw' ? -10 : 0) + groups.indexOf(said.group) + (said.action === 'sign' && said.minimum ? 5 : 0);
  return checkpoints.flatMap((entries) => [...entries].sort((a, b) => rank(a) - rank(b)));
}
