import { bn254 } from '@noble/curves/bn254.js';
import { type ParsedProof, parseProof } from '#lib/proof/proof.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';

const { G1, G2, fields } = bn254;
const ORDER = bn254.fields.Fr.ORDER;
const { Fp2 } = fields;

type PointG2 = InstanceType<typeof G2.Point>;

export interface ProofPoints {
  a: InstanceType<typeof G1.Point>;
  b: PointG2;
  c: InstanceType<typeof G1.Point>;
}

export function toPoints(proof: ParsedProof): ProofPoints {
  const [x, y] = proof.b.map((pair) => Fp2.fromBigTuple([BigInt(pair[0]), BigInt(pair[1])]));
  const first = (pair: readonly [string, string]) => G1.Point.fromAffine({ x: BigInt(pair[0]), y: BigInt(pair[1]) });
  return { a: first(proof.a), b: G2.Point.fromAffine({ x: x!, y: y! }), c: first(proof.c) };
}

function toWire(points: ProofPoints) {
  const [a, b, c] = [points.a.toAffine(), points.b.toAffine(), points.c.toAffine()];
  return {
    a: [a.x.toString(), a.y.toString()],
    b: [
      [b.x.c0.toString(), b.x.c1.toString()],
      [b.y.c0.toString(), b.y.c1.toString()],
    ],
    c: [c.x.toString(), c.y.toString()],
  };
}

export function fromPoints(points: ProofPoints): ParsedProof {
  const parsed = parseProof(toWire(points));
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.value;
}

/** Another valid proof of the same: Groth16 lets anybody turn (A, B, C) into (tA, t⁻¹B, C). */
export function rerandomise(proof: ParsedProof, random: Random): ParsedProof {
  const t = 1n + (BigInt(`0x${Buffer.from(random(32)).toString('hex')}`) % (ORDER - 1n));
  const { a, b, c } = toPoints(proof);
  return fromPoints({ a: a.multiply(t), b: b.multiply(fields.Fr.inv(t)), c });
}

/** A point on the second group's curve and outside its subgroup. Nearly all points of the curve are. */
export function pointOutsideSubgroup(): PointG2 {
  for (let x = 1n; ; x++) {
    const X = Fp2.fromBigTuple([x, 5n]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(X), X), G2.Point.CURVE().b);
    try {
      const point = G2.Point.fromAffine({ x: X, y: Fp2.sqrt(square) });
      if (!point.isTorsionFree()) return point;
    } catch {
      // no square root: no point with this x
    }
  }
}
