import { bn254 } from '@noble/curves/bn254.js';
import * as mcl from 'mcl-wasm';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { inside, onStack, wordsOf } from './inside-pairing.ts';

type PointG2 = InstanceType<typeof mcl.G2>;
type Pair = InstanceType<typeof mcl.Fp2>;

/** x₀, the number from which the curve is made: r and p are polynomials in it. */
const CURVE_PARAMETER = 4965661367192848881n;
/** From the second highest on. */
const PARAMETER_BITS = CURVE_PARAMETER.toString(2).slice(1);

let constants: { x: Pair; y: Pair } | null = null;

/**
 * Whether a point on the twist lies in the subgroup of order r: [x₀+1]Q + ψ([x₀]Q) + ψ²([x₀]Q) = ψ³([2x₀]Q), where ψ is the
 * Frobenius of the curve carried over to its twist. For BN254 this holds in the subgroup and nowhere else (Dai, Lin, Zhao,
 * Zhou, ePrint 2022/348, §3 and §5.1). It takes a multiplication by 63 bits instead of the 254 of r. The library's own
 * multiplication may rely on the order of the point, which is in question here, so doublings and additions are spelt out.
 */
export function isInSubgroup(point: PointG2): boolean {
  const once = timesParameter(point);
  const first = frobenius(once);
  const second = frobenius(first);
  const third = frobenius(second);
  const left = mcl.add(mcl.add(mcl.add(once, point), first), second);
  return left.isEqual(mcl.dbl(third));
}

/** [x₀]Q by doubling and adding, from the second highest bit down, in the library's memory: nothing is copied in between. */
function timesParameter(point: PointG2): PointG2 {
  const result = new mcl.G2();
  return onStack(() => {
    const [at, sum] = [inside.sallocCopy(wordsOf(point)), inside.sallocCopy(wordsOf(point))];
    for (const bit of PARAMETER_BITS) {
      inside.mod._mclBnG2_dbl(sum, sum);
      if (bit === '1') inside.mod._mclBnG2_add(sum, sum, at);
    }
    inside.copyFromHeap32(wordsOf(result), sum);
    return result;
  });
}

/** ψ: every coordinate conjugated, x and y times the constants that lead back onto the twist. */
function frobenius(point: PointG2): PointG2 {
  const { x, y } = twistConstants();
  const image = new mcl.G2();
  image.setX(mcl.mul(conjugate(point.getX()), x));
  image.setY(mcl.mul(conjugate(point.getY()), y));
  image.setZ(conjugate(point.getZ()));
  return image;
}

function conjugate(value: Pair): Pair {
  const result = value.clone();
  result.set_b(mcl.neg(value.get_b()));
  return result;
}

/** (9 + u)^((p−1)/3) and (9 + u)^((p−1)/2), once the library is there. */
function twistConstants(): { x: Pair; y: Pair } {
  if (constants) return constants;
  const { Fp2 } = bn254.fields;
  const base = Fp2.fromBigTuple([9n, 1n]);
  const pair = (exponent: bigint) => {
    const { c0, c1 } = Fp2.pow(base, exponent);
    const value = new mcl.Fp2();
    value.setStr(`${c0} ${c1}`, 10);
    return value;
  };
  constants = { x: pair((BASE_FIELD_ORDER - 1n) / 3n), y: pair((BASE_FIELD_ORDER - 1n) / 2n) };
  return constants;
}
