import { bn254 } from '@noble/curves/bn254.js';
import { toField } from '#lib/protocol/numbers/field.ts';
import type { PreparedKey } from './pairing-key.ts';
import type { PairingArithmetic, Term } from './terms.ts';

const { G1, G2 } = bn254;
const [FIRST, SECOND] = [G1.Point.BASE, G2.Point.BASE];
/** The only signal, and the power of every term: a digit of each size, with either sign, all words used. */
const SIGNAL = toField(3n);
const POWER = 0xfedcba9876543210_0123456789abcdefn;

/**
 * Whether an arithmetic accepts an equation that holds, 6 · 1 = 1 · 1 + (1 + 3 · 1) · 1 + 1 · 1 in multiples of the generators, and refuses
 * the same with 7, and a point off its curve. An engine whose words have another order, or whose compiler errs, is found here.
 */
export function answersRight(arithmetic: PairingArithmetic): boolean {
  const key: PreparedKey = { alpha: FIRST, beta: SECOND, gamma: SECOND, delta: SECOND, ic: [FIRST, FIRST] };
  const { x, y } = SECOND.toAffine();
  const term = (position: number, times: bigint): Term => {
    const a = FIRST.multiplyUnsafe(times).toAffine();
    const coordinates = [a.x, a.y, x.c0, x.c1, y.c0, y.c1, FIRST.x, FIRST.y];
    return { position, power: POWER, coordinates, publicSignals: [SIGNAL] };
  };
  const [right, wrong] = [term(0, 6n), term(1, 7n)];
  const off = { ...right, position: 2, coordinates: right.coordinates.with(7, 3n) };
  try {
    return arithmetic.findBad(key, [right, wrong, off]).sort().join() === '1,2';
  } catch {
    return false; // what came out stopped the engine
  }
}
