import { createHash, randomBytes } from 'node:crypto';
import { bn254 } from '@noble/curves/bn254.js';
import { verify as verifyByZkKit } from '@zk-kit/groth16';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParsedProof } from '#lib/proof/proof.ts';
import { proofToLibrary } from '#lib/proof/proof.ts';
import { proveSign, verifyGroth16Single } from '#lib/proof/prover.ts';
import { signInput } from '#lib/proof/sign-input.ts';
import { formatSignals } from '#lib/proof/signals.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import { type ProofToVerify, verifyProof, verifyProofs } from '#lib/proof/verify.ts';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { makeSigner, seeded } from '../circuits/signer.ts';
import { loadCurrentKey } from './current-key.ts';
import { fromPoints, pointOutsideSubgroup, rerandomise, toPoints } from './proof-forms.ts';

/** Of three or four proofs each, which take 60 ms of three libraries: some 300, so that each spoiler comes about thirty times. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 80);
const PATIENCE_MS = 900_000;
const random = (length: number) => new Uint8Array(randomBytes(length));
const BASE = bn254.G1.Point.BASE;

let key: VerificationKey;
let valid: ProofToVerify[];
beforeAll(async () => {
  const current = await loadCurrentKey();
  key = current.key;
  valid = [];
  for (const seed of ['first', 'second']) {
    const { proof, publicSignals } = await proveSign(signInput(makeSigner(seed).input), current.files, { random });
    valid.push({ proof, publicSignals });
  }
});

const changePoints = (item: ProofToVerify, change: (points: ReturnType<typeof toPoints>) => Partial<ReturnType<typeof toPoints>>) => {
  const points = toPoints(item.proof);
  return { ...item, proof: fromPoints({ ...points, ...change(points) }) };
};

/** Ways of spoiling a proof that leave every point in its group and every signal canonical. */
const spoilers: Record<string, (item: ProofToVerify, other: ProofToVerify, n: number) => ProofToVerify> = {
  'negated a': (item) => changePoints(item, ({ a }) => ({ a: a.negate() })),
  'negated b': (item) => changePoints(item, ({ b }) => ({ b: b.negate() })),
  'a and c exchanged': (item) => changePoints(item, ({ a, c }) => ({ a: c, c: a })),
  'c moved': (item, _, n) => changePoints(item, ({ c }) => ({ c: c.add(BASE.multiply(BigInt(n + 1))) })),
  'b doubled': (item) => changePoints(item, ({ b }) => ({ b: b.double() })),
  'proof of other signals': (item, other) => ({ ...item, proof: other.proof }),
  'one signal changed': (item, _, n) => ({
    ...item,
    publicSignals: item.publicSignals.map((s, i) => (i === n % item.publicSignals.length ? (((s + 1n) % FIELD_ORDER) as Field) : s)),
  }),
  'two signals exchanged': (item) => ({
    ...item,
    publicSignals: item.publicSignals.with(0, item.publicSignals[1]!).with(1, item.publicSignals[0]!),
  }),
};

const anyProof = fc
  .tuple(fc.string(), fc.integer({ min: 0, max: 1 }), fc.option(fc.constantFrom(...Object.keys(spoilers))), fc.nat(1000))
  .map(([seed, which, spoiler, n]) => {
    const item = valid[which] as ProofToVerify;
    const fresh = { ...item, proof: rerandomise(item.proof, seeded(seed)) };
    const kind = spoiler ?? 'none';
    return { kind, item: spoiler ? spoilers[spoiler]!(fresh, valid[1 - which] as ProofToVerify, n) : fresh };
  });

describe('batch verification', () => {
  it(
    'agrees with snarkjs and @zk-kit/groth16 on valid and spoilt proofs, each by each',
    async () => {
      const judged = new Map<string, boolean[]>();
      const property = fc.asyncProperty(fc.array(anyProof, { minLength: 1, maxLength: 6 }), async (drawn) => {
        const items = drawn.map(({ item }) => item);
        const byLibrary: boolean[] = [];
        for (const { proof, publicSignals } of items) byLibrary.push(await verifyGroth16Single(key, proof, publicSignals));
        const byZkKit: boolean[] = [];
        for (const { proof, publicSignals } of items) byZkKit.push(await agree(proof, publicSignals));
        expect(byZkKit).toEqual(byLibrary);
        expect(await verifyProofs(key, items, { random })).toEqual(byLibrary.flatMap((ok, i) => (ok ? [] : [i])));
        for (const [i, { kind }] of drawn.entries()) judged.set(kind, [...(judged.get(kind) ?? []), byLibrary[i] as boolean]);
      });
      await fc.assert(property, { numRuns: RUNS });
      for (const kind of ['none', ...Object.keys(spoilers)]) {
        const verdicts = judged.get(kind) ?? [];
        expect([kind, verdicts.length > 2, verdicts.every((ok) => ok === (kind === 'none'))]).toEqual([kind, true, true]);
      }
    },
    PATIENCE_MS,
  );

  const agree = (proof: ParsedProof, publicSignals: readonly Field[]) =>
    verifyByZkKit(key as never, { proof: proofToLibrary(proof) as never, publicSignals: formatSignals(publicSignals) });

  it('names exactly the bad proofs, wherever they stand and however many', async () => {
    const many = Array.from({ length: 300 }, (_, i) => valid[i % 2] as ProofToVerify);
    const bad = [0, 1, 127, 128, 200, 299];
    for (const [n, position] of bad.entries()) many[position] = Object.values(spoilers)[n]!(many[position]!, valid[(position + 1) % 2]!, n);
    const progress: number[] = [];
    expect(await verifyProofs(key, many, { random, onProgress: (done) => progress.push(done) })).toEqual(bad);
    expect(progress).toEqual([128, 256, 300]);
  });

  it('accepts none at all', async () => {
    expect(await verifyProofs(key, [], { random })).toEqual([]);
  });

  it('is not deceived by two bad proofs whose faults cancel each other', async () => {
    const shift = BASE.multiply(12345n);
    const plus = changePoints(valid[0]!, ({ c }) => ({ c: c.add(shift) }));
    const minus = changePoints(valid[0]!, ({ c }) => ({ c: c.subtract(shift) }));
    expect(await verifyProofs(key, [plus, minus], { random })).toEqual([0, 1]);
    // The same two pass when the powers are equal, which is why the caller's randomness must be unforeseeable.
    const fillers = Array<ProofToVerify>(3).fill(valid[1]!); // every fourth proof has its part in the same equation
    const items = [plus, ...fillers, minus];
    expect(await verifyProofs(key, items, { random: (length) => new Uint8Array(length).fill(7) })).toEqual([]);
    expect(await verifyProofs(key, items, { random })).toEqual([0, 4]);
  });

  it('draws fresh powers for every proof and refuses a source that gives too few bytes', async () => {
    const lengths: number[] = [];
    const source = (length: number) => {
      lengths.push(length);
      return random(length);
    };
    await verifyProofs(key, [valid[0]!, valid[1]!], { random: source });
    expect(lengths).toEqual([16, 16]);
    await expect(verifyProofs(key, valid, { random: () => new Uint8Array(8) })).rejects.toThrow(TypeError);
  });

  it('cannot be led past a proof by a power of 0', async () => {
    const spoilt = spoilers['c moved']!(valid[0]!, valid[1]!, 1);
    expect(await verifyProofs(key, [spoilt, valid[1]!], { random: (length) => new Uint8Array(length) })).toEqual([0]);
  });

  it('refuses a point outside the subgroup, which the curve equation alone lets pass', async () => {
    const outside = pointOutsideSubgroup();
    const wire = fromPoints({ ...toPoints(valid[0]!.proof), b: outside });
    const shifted = changePoints(valid[0]!, ({ b }) => ({ b: b.add(outside) }));
    expect(await verifyProofs(key, [{ ...valid[0]!, proof: wire }, valid[1]!, shifted], { random })).toEqual([0, 2]);
    expect(await verifyProof(key, shifted, random)).toBe(false);
  });

  it('refuses points off their curves, even from a caller who did not parse them', async () => {
    const { a, b, c } = valid[0]!.proof;
    const wrong = [
      { a: ['1', '3'] },
      { a: ['0', '0'] },
      { b: [b[1], b[0]] },
      { b: [b[0].toReversed(), b[1]] },
      {
        b: [
          ['0', '0'],
          ['0', '0'],
        ],
      },
      { c: ['1', '3'] },
      { c: [c[1], c[0]] },
      // other spellings of the same numbers, and of other lengths
      { a: [`0${a[0]}`, a[1]] },
      { a: [(BigInt(a[0]) + BASE_FIELD_ORDER).toString(), a[1]] },
      { c: [c[0], `-${(BASE_FIELD_ORDER - BigInt(c[1])).toString()}`] },
      { a: [a[0]] },
      { c: [...c, '1'] },
    ];
    const items = wrong.map((part) => ({ ...valid[0]!, proof: { ...valid[0]!.proof, ...part } as unknown as ParsedProof }));
    expect(await verifyProofs(key, [...items, valid[1]!], { random })).toEqual(wrong.map((_, i) => i));
  });

  it('refuses signals outside the field, each way', async () => {
    for (const wrong of [FIELD_ORDER, -1n, FIELD_ORDER + 1n, 2n ** 256n, '1', 1, undefined]) {
      const item = { ...valid[0]!, publicSignals: valid[0]!.publicSignals.with(1, wrong as Field) };
      expect(await verifyProofs(key, [item, valid[1]!], { random })).toEqual([0]);
    }
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(verifyProofs(key, valid, { random, signal })).rejects.toThrow('cancelled');
  });

  it('refuses to work with a key whose points are not in their groups', async () => {
    const outside = pointOutsideSubgroup().toAffine();
    const point = [[outside.x.c0, outside.x.c1].map(String), [outside.y.c0, outside.y.c1].map(String), ['1', '0']];
    await expect(verifyProofs({ ...key, vk_delta_2: point }, valid, { random })).rejects.toThrow(TypeError);
  });

  it('depends on the key: a proof under another key is refused', async () => {
    const digest = createHash('sha256').update('other').digest('hex');
    const point = bn254.G1.Point.BASE.multiply(BigInt(`0x${digest}`) % bn254.fields.Fr.ORDER).toAffine();
    const other = { ...key, vk_alpha_1: [point.x.toString(), point.y.toString(), '1'] };
    expect(await verifyProofs(other, valid, { random })).toEqual([0, 1]);
  });
});
