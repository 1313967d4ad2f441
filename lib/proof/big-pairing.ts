import { bn254 } from '@noble/curves/bn254.js';
import { type FirstPoint, firstPoint, type PreparedKey, type SecondPoint, secondPoint } from './pairing-key.ts';
import type { PairingArithmetic, Term } from './terms.ts';

const { fields, pairingBatch } = bn254;

/**
 * Each proof by its own equation in big integers: for engines that run no kernel, a proof in some twenty milliseconds, and as the
 * judge of those that do. Powers are not used: there is nothing that could cancel.
 */
export class BigPairing implements PairingArithmetic {
  findBad(key: PreparedKey, terms: readonly Term[]): number[] {
    return terms.filter((term) => !holds(key, term)).map(({ position }) => position);
  }
}

/** e(-A, B) · e(α, β) · e(IC₀ + Σ sⱼ ICⱼ, γ) · e(C, δ) = 1. */
function holds(key: PreparedKey, { coordinates, publicSignals }: Term): boolean {
  const [a, b, c] = [firstPoint(coordinates.slice(0, 2)), secondPoint(coordinates.slice(2, 6)), firstPoint(coordinates.slice(6))];
  if (!a || !b || !c) return false;
  const [constant, ...others] = key.ic as [FirstPoint, ...FirstPoint[]];
  const inputs = others.reduce((sum, point, j) => sum.add(point.multiplyUnsafe(publicSignals[j] as bigint)), constant);
  const pairs: [FirstPoint, SecondPoint][] = [
    [a.negate(), b],
    [key.alpha, key.beta],
    [inputs, key.gamma],
    [c, key.delta],
  ];
  // The pairing of infinity is 1; the library refuses to say so.
  const product = pairingBatch(pairs.filter(([g1]) => !g1.is0()).map(([g1, g2]) => ({ g1, g2 })));
  return fields.Fp12.eql(product, fields.Fp12.ONE);
}
