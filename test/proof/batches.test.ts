import { randomBytes } from 'node:crypto';
import { bn254 } from '@noble/curves/bn254.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { BigPairing } from '#lib/proof/big-pairing.ts';
import { startKernelPairing } from '#lib/proof/kernel-pairing.ts';
import { answersRight } from '#lib/proof/known-equation.ts';
import type { ParsedProof } from '#lib/proof/proof.ts';
import type { PairingArithmetic } from '#lib/proof/terms.ts';
import { type ProofToVerify, verifyProofsBy } from '#lib/proof/verify.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { forgeProofs } from '#scripts/bench/single-proofs.ts';
import { type BenchKey, makeBenchKey } from '#scripts/make-record/bench-key.ts';
import { seeded } from '../circuits/signer.ts';
import { fromPoints, pointOutsideSubgroup, toPoints } from './proof-forms.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
const { G1, G2 } = bn254;
/** More than one group of 128, and no whole number of quads. */
const MANY = 257;
/** Of each way to tamper with a proof, each among eight that hold; and how many of these big integers judge as well. */
const TAMPERED = Number(process.env.TAMPERED_PROOFS ?? 8);
const JUDGED = Number(process.env.JUDGED_PROOFS ?? 1);

let bench: BenchKey;
let valid: ProofToVerify[];
beforeAll(async () => {
  bench = await makeBenchKey();
  valid = forgeProofs(bench, MANY);
});

type Points = ReturnType<typeof toPoints>;
const small = (n: number) => BigInt(n) + 1n;
const change = (item: ProofToVerify, to: (points: Points) => Partial<Points>): ProofToVerify => {
  const points = toPoints(item.proof);
  return { ...item, proof: fromPoints({ ...points, ...to(points) }) };
};
const withSignal = (item: ProofToVerify, at: number, signal: bigint): ProofToVerify => ({
  ...item,
  publicSignals: item.publicSignals.with(at % item.publicSignals.length, (signal % FIELD_ORDER) as Field),
});

/** Ways to tamper, each of which leaves canonical numbers and points on their curves. `n` counts up. */
const TAMPERINGS: Record<string, (item: ProofToVerify, other: ProofToVerify, n: number) => ProofToVerify> = {
  'A moved': (item, _, n) => change(item, ({ a }) => ({ a: a.add(G1.Point.BASE.multiply(small(n))) })),
  'A negated': (item) => change(item, ({ a }) => ({ a: a.negate() })),
  'A doubled': (item) => change(item, ({ a }) => ({ a: a.double() })),
  'A of another proof': (item, other) => ({ ...item, proof: { ...item.proof, a: other.proof.a } }),
  'B moved': (item, _, n) => change(item, ({ b }) => ({ b: b.add(G2.Point.BASE.multiply(small(n))) })),
  'B negated': (item) => change(item, ({ b }) => ({ b: b.negate() })),
  'B moved out of its subgroup': (item) => change(item, ({ b }) => ({ b: b.add(pointOutsideSubgroup()) })),
  'C moved': (item, _, n) => change(item, ({ c }) => ({ c: c.subtract(G1.Point.BASE.multiply(small(n))) })),
  'C negated': (item) => change(item, ({ c }) => ({ c: c.negate() })),
  'A and C exchanged': (item) => ({ ...item, proof: { ...item.proof, a: item.proof.c, c: item.proof.a } }),
  'all negated': (item) => change(item, ({ a, b, c }) => ({ a: a.negate(), b: b.negate(), c: c.negate() })),
  'a signal moved': (item, _, n) => withSignal(item, n, item.publicSignals[n % item.publicSignals.length]! + small(n)),
  'a signal negated': (item, _, n) => withSignal(item, n, FIELD_ORDER - item.publicSignals[n % item.publicSignals.length]!),
  'the proof of other signals': (item, other) => ({ ...item, proof: other.proof }),
};

describe('the big integers', () => {
  it('accept what holds and refuse the rest, each by each', async () => {
    const items = [valid[0]!, TAMPERINGS['C moved']!(valid[1]!, valid[2]!, 3), valid[2]!];
    expect(answersRight(new BigPairing())).toBe(true);
    expect(await verifyProofsBy(new BigPairing(), bench.key, items, { random })).toEqual([1]);
  });
});

describe('infinity, spelt as 0, 0', () => {
  it('is no point of a proof or of a key, whichever arithmetic judges', async () => {
    const [item] = valid as [ProofToVerify];
    const zero: [string, string] = ['0', '0'];
    const infinite: Partial<ParsedProof>[] = [{ a: zero }, { b: [zero, zero] }, { c: zero }];
    for (const arithmetic of [new BigPairing(), await startKernelPairing(['fma']), await startKernelPairing(['scalar'])]) {
      for (const point of infinite) {
        const items = [{ ...item, proof: { ...item.proof, ...point } as ParsedProof }, item];
        expect(await verifyProofsBy(arithmetic!, bench.key, items, { random }), JSON.stringify(point)).toEqual([0]);
      }
      const key = { ...bench.key, vk_alpha_1: [...zero, '1'] } as typeof bench.key;
      await expect(verifyProofsBy(arithmetic!, key, [item], { random })).rejects.toThrow('key: a point is not in its group');
    }
  });
});

describe('the known equation', () => {
  it('finds an arithmetic that accepts everything, refuses everything, or fails', () => {
    const says = (findBad: PairingArithmetic['findBad']) => answersRight({ findBad });
    expect(says(() => [])).toBe(false);
    expect(says((_, terms) => terms.map(({ position }) => position))).toBe(false);
    expect(says(() => [1])).toBe(false);
    expect(
      says(() => {
        throw new WebAssembly.RuntimeError('unreachable');
      }),
    ).toBe(false);
  });
});

describe.each(['fma', 'scalar'] as const)('batches by %s', (kind) => {
  let pairing: PairingArithmetic;
  beforeAll(async () => {
    pairing = (await startKernelPairing([kind]))!;
  });
  const badOf = (items: readonly ProofToVerify[], by = pairing) => verifyProofsBy(by, bench.key, items, { random });
  const spoilt = (item: ProofToVerify, n: number) => TAMPERINGS['C moved']!(item, item, n);

  it.each([0, 1, 2, 3, 4, 5, 9])('of %i proofs hold, and tell a bad one at each place, and nothing of its neighbours', async (count) => {
    const items = valid.slice(0, count);
    expect(await badOf(items)).toEqual([]);
    const offCurve = (item: ProofToVerify) => ({ ...item, proof: { ...item.proof, c: ['1', '3'] } as unknown as ParsedProof });
    for (const [place, item] of items.entries()) {
      for (const bad of [spoilt(item, place), TAMPERINGS['B moved out of its subgroup']!(item, item, 0), offCurve(item)]) {
        expect(await badOf(items.with(place, bad))).toEqual([place]);
      }
    }
    expect(await badOf(items.map(spoilt))).toEqual([...items.keys()]);
  });

  it(`of ${MANY} proofs hold, and tell bad ones of every kind wherever they stand`, async () => {
    expect(await badOf(valid)).toEqual([]);
    const places = [0, 1, 2, 3, 4, 63, 64, 126, 127, 128, 129, 200, 255, 256];
    const items = [...valid];
    for (const [i, tamper] of Object.values(TAMPERINGS).entries()) items[places[i]!] = tamper(valid[places[i]!]!, valid[i + 10]!, i);
    expect(await badOf(items)).toEqual(places);
  });

  it('are not deceived by faults that cancel each other, in one lane or in two, or by one proof many times', async () => {
    const shift = G1.Point.BASE.multiply(99n);
    const [plus, minus] = [1, -1].map((sign) => change(valid[0]!, ({ c }) => ({ c: sign > 0 ? c.add(shift) : c.subtract(shift) })));
    for (const [at, and] of [
      [0, 1],
      [0, 4],
      [3, 7],
      [2, 13],
    ] as const) {
      expect(await badOf(valid.slice(0, 16).with(at, plus!).with(and, minus!))).toEqual([at, and]);
    }
    expect(await badOf(Array(9).fill(valid[0]))).toEqual([]);
    expect(await badOf(Array(9).fill(plus))).toEqual([...Array(9).keys()]);
    // Opposite and equal points beside each other, in the sums of one lane.
    const opposite = change(valid[0]!, ({ a, b, c }) => ({ a: a.negate(), b: b.negate(), c }));
    expect(await badOf([valid[0]!, opposite, opposite, opposite, opposite, valid[0]!])).toEqual([]);
  });

  it('take the powers at the edge: 1, all bits, digits that carry', async () => {
    for (const byte of [0x00, 0xff, 0x88, 0x87, 0x80, 0x08, 0x77]) {
      const edge = (length: number) => new Uint8Array(length).fill(byte);
      expect(await verifyProofsBy(pairing, bench.key, valid.slice(0, 5), { random: edge })).toEqual([]);
      expect(await verifyProofsBy(pairing, bench.key, valid.slice(0, 5).with(2, spoilt(valid[2]!, 1)), { random: edge })).toEqual([2]);
    }
  });

  it('take signals at the edge, and sums of inputs that are infinite', async () => {
    const { length } = valid[0]!.publicSignals;
    for (const signal of [0n, 1n, FIELD_ORDER - 1n]) {
      const publicSignals = Array<Field>(length).fill(signal as Field);
      const item = { publicSignals, proof: bench.forge(publicSignals, random) };
      expect(await badOf([item])).toEqual([]);
      expect(await badOf([withSignal(item, 0, signal + 1n)])).toEqual([0]);
    }
    // A key all of whose points IC are the generator: signals whose sum is -1 take the inputs to infinity.
    const ic = bench.key.IC.map(() => ['1', '2', '1']);
    const { alpha, scalars } = { alpha: G1.Point.BASE, scalars: { a: 6n, b: 1n } };
    const publicSignals = [(FIELD_ORDER - 1n) as Field, ...Array<Field>(length - 1).fill(0n as Field)];
    const generator = [
      [G2.Point.BASE.x.c0, G2.Point.BASE.x.c1],
      [G2.Point.BASE.y.c0, G2.Point.BASE.y.c1],
    ].map((pair) => pair.map(String));
    const two = [...generator, ['1', '0']];
    const key = { ...bench.key, IC: ic, vk_alpha_1: ['1', '2', '1'], vk_beta_2: two, vk_gamma_2: two, vk_delta_2: two };
    const proof = (c: bigint) => fromPoints({ a: G1.Point.BASE.multiply(scalars.a), b: G2.Point.BASE, c: alpha.multiply(c) });
    const items = [5n, 4n].map((c) => ({ publicSignals, proof: proof(c) }));
    for (const by of [pairing, new BigPairing()]) expect(await verifyProofsBy(by, key, items, { random })).toEqual([1]);
  });

  it('refuse every proof that was tampered with, and agree with the big integers', async () => {
    const draw = seeded(kind);
    for (const [name, tamper] of Object.entries(TAMPERINGS)) {
      const tampered: ProofToVerify[] = [];
      for (let n = 0; n < TAMPERED; n++) {
        const [at, other] = [draw(2), draw(2)].map((bytes) => ((bytes[0]! << 8) | bytes[1]!) % MANY) as [number, number];
        tampered.push(tamper(valid[at]!, valid[other === at ? (at + 1) % MANY : other]!, n));
      }
      for (let start = 0; start < tampered.length; start += 8) {
        // Eight of them among eight that hold.
        const items = tampered.slice(start, start + 8).flatMap((item, i) => [item, valid[(start + i) % MANY]!]);
        const expected = items.flatMap((_, i) => (i % 2 === 0 ? [i] : []));
        expect([name, await badOf(items)]).toEqual([name, expected]);
      }
      const some = [...tampered.slice(0, JUDGED), valid[0]!];
      expect(await badOf(some, new BigPairing())).toEqual([...some.keys()].slice(0, -1));
    }
  });
});
