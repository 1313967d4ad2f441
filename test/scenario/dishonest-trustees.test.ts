import { beforeAll, describe, expect, it } from 'vitest';
import { INVERSE_OF_EIGHT, multiplySecret, type Point, parseCurvePoint, type Scalar, toScalar } from '#lib/protocol/numbers/point.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import { checkOpening, makeOpening, type Opening, type Wave } from '#lib/protocol/reveal/opening.ts';
import { openWith } from '../protocol/dishonest-opening.ts';
import { smallOrderPoint } from '../protocol/make-vectors/odd-points.ts';
import { createProver, type KnownProofs } from '../protocol/make-vectors/prove-once.ts';
import { makeRecordScenes, type RecordScene } from '../protocol/make-vectors/records.ts';
import { readLine } from '../protocol/make-vectors/seal-record.ts';
import { readRecord, readVector, rememberingProofSystem } from '../protocol/remembering-proofs.ts';
import { writeRecord } from '../support/record-parts.ts';
import { verifyLines } from '../support/verify-lines.ts';
import { type KeyCeremony, systemRandom } from '../support/world.ts';

/** Two waves, two of three trustees needed, real proofs: what trustees that deviate can do to the reveal. */
describe('a reveal with a dishonest trustee', () => {
  let proofs: ProofSystem;
  let parts: RecordScene['parts'];
  let key: KeyCeremony;
  let names: string[];
  const textOf = (signer: object) => ('name' in signer ? String(signer.name) : '(no name)');
  const reveal = async (openings: readonly Opening[]) => {
    const report = await verifyLines(writeRecord({ ...parts, openings }), proofs);
    return { failures: report.failures, names: report.names.map(textOf), openedBy: report.openedBy, state: report.state };
  };
  const openAs = (trustee: number, change: (partial: Point) => Point): Opening[] =>
    parts.waves.map((wave) => {
      const share = key.shares[trustee - 1] as Scalar;
      const factor = toScalar(share * INVERSE_OF_EIGHT);
      const partials = wave.items.map((item) => change(multiplySecret(parseCurvePoint(item.ephemeral) as Point, factor)));
      return openWith(key.authors[trustee - 1] as KeyCeremony['authors'][0], share, wave, partials, systemRandom);
    });
  const honest = (trustee: number): Opening[] =>
    parts.waves.map((wave) =>
      makeOpening(key.authors[trustee - 1] as KeyCeremony['authors'][0], key.keyed, key.shares[trustee - 1] as Scalar, wave, systemRandom),
    );

  beforeAll(async () => {
    proofs = await rememberingProofSystem();
    const statement = readLine((await readRecord('record-revealed.ndjson'))[0] as string).statement as Record<string, string>;
    const known = JSON.parse(await readVector('proofs.json')) as KnownProofs;
    const prove = createProver(known, () => {
      throw new Error('run node scripts/make-vectors.ts');
    });
    const setup = { verificationKey: statement.verificationKey as string, setup: statement.setup as string };
    const { revealed } = await makeRecordScenes(setup, prove);
    parts = revealed.parts;
    key = revealed.key as KeyCeremony;
    names = (await reveal([...honest(1), ...honest(2)])).names;
    expect(names).toHaveLength(5);
  });

  it('T29: small-order parts in every partial change no name and fail nothing', async () => {
    const shifted = openAs(1, (partial) => partial.add(smallOrderPoint()));
    expect(shifted[0]?.partials).not.toEqual(honest(1)[0]?.partials);
    expect(await reveal([...shifted, ...honest(2)])).toEqual({
      failures: [],
      names,
      openedBy: [
        [1, 2],
        [1, 2],
      ],
      state: 'revealed',
    });
  });

  it('T11: a wrong opening is told from a right one, and the other trustees reveal the same names without it', async () => {
    const wrong = openAs(1, (partial) => partial.double());
    for (const [i, opening] of wrong.entries())
      expect(checkOpening(parts.context.id, key.keyed, parts.waves[i] as Wave, opening)).toMatchObject({ code: 'OPENING_PROOF' });
    expect(await reveal([...honest(2), ...honest(3)])).toEqual({
      failures: [],
      names,
      openedBy: [
        [2, 3],
        [2, 3],
      ],
      state: 'revealed',
    });
    const kept = await reveal([...wrong, ...honest(2), ...honest(3)]);
    expect(kept.failures.map((failure) => failure.code)).toEqual(['OPENING_PROOF', 'OPENING_PROOF']);
    expect(kept.names).toEqual(names);
  });

  it('T10: one trustee alone reveals nothing', async () => {
    expect(await reveal(honest(3))).toMatchObject({ failures: [], names: [], openedBy: [[3], [3]] });
  });

  it('T6: an opening of the first wave is none of the second', async () => {
    const [first] = honest(1) as [Opening];
    const [, second] = parts.waves as [Wave, Wave];
    expect(checkOpening(parts.context.id, key.keyed, second, first)).toMatchObject({ code: 'OPENING_WAVE' });
  });
});
