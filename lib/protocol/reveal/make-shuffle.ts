// SPEC §10.4: making a shuffle and its proof; see shuffle.ts for the source and the letters
import {
  addSecretMultiple,
  BASE,
  formatPoints,
  INVERSE_OF_EIGHT,
  multiplySecret,
  type Point,
  type PointText,
  type Scalar,
  sumOfSecretProducts,
  toScalar,
  withTable,
} from '../numbers/point.ts';
import { type Random, randomBelow, randomScalar } from '../numbers/random.ts';
import { pointMeant, wirePointOf } from '../numbers/wire-point.ts';
import { generatorsToCommit } from './generators.ts';
import { challengeOf, type ItemText, type SealedList, type ShuffleProof, type ShuffleSetting, seedOf, vectorOf } from './shuffle.ts';

/** From so many items on a table for the key pays. */
const TABLE_PAYS = 16;

/**
 * Shuffles a list and proves it: output i is input ψ(i), re-encrypted. Permutation and randomness exist only while this runs; they
 * are never returned, and whoever learns one of them can undo the mix (T53). The items come from proven entries or a verified step.
 * `generators` are those of `generatorsToCommit` for so many items or more, for who has them from another thread.
 */
export function makeShuffle(
  setting: ShuffleSetting,
  input: SealedList,
  random: Random,
  generators: readonly Point[] = generatorsToCommit(input.items.length),
): { items: ItemText[]; proof: ShuffleProof } {
  const size = input.items.length;
  const key = size >= TABLE_PAYS ? withTable(setting.key) : setting.key;
  const [H0, ...H] = generators.slice(0, size + 1) as [Point, ...Point[]];
  if (size >= TABLE_PAYS) withTable(H0);
  const draw = () => Array.from({ length: size }, () => randomScalar(random));
  const eighth = (scalar: bigint) => toScalar(toScalar(scalar) * INVERSE_OF_EIGHT);
  /** (8⁻¹ mod l) · scalar · point: what is sent in place of scalar · point. The generators are eighths already. */
  const sent = (point: Point, scalar: bigint) => multiplySecret(point, eighth(scalar));
  const plusSent = (sum: Point, point: Point, scalar: bigint) => addSecretMultiple(sum, point, eighth(scalar));

  // e′ᵢ = e_ψ(i) + r′_ψ(i) · (B, K), from the clean eighths of the points meant
  const psi = drawPermutation(size, random);
  const rPrime = draw();
  const outputs = psi.map((j) => {
    const [A, C] = input.items[j] as readonly [Point, Point];
    const clean = (point: Point) => wirePointOf(input.isWire ? pointMeant(point) : point);
    return [plusSent(clean(A), BASE, at(rPrime, j)), plusSent(clean(C), key, at(rPrime, j))] as const;
  });

  // c_ψ(i) = r_ψ(i) · B + Hᵢ
  const r = draw();
  const c: Point[] = [];
  for (const [i, j] of psi.entries()) c[j] = plusSent(H[i] as Point, BASE, at(r, j));
  const items = pairUp(formatPoints(outputs.flat()));
  const cTexts = formatPoints(c);
  const seed = seedOf(setting, items, cTexts);
  const u = psi.map((_, i) => vectorOf(seed, i + 1));
  const uPrime = psi.map((j) => at(u, j));

  // ĉᵢ = r̂ᵢ · B + u′ᵢ · ĉᵢ₋₁ with ĉ₀ = H₀, hence ĉᵢ = Rᵢ · B + Uᵢ · H₀
  const rHat = draw();
  const R: Scalar[] = [0n as Scalar];
  const U: Scalar[] = [1n as Scalar];
  const cHat = uPrime.map((factor, i) => {
    R.push(toScalar(at(rHat, i) + factor * at(R, i)));
    U.push(toScalar(factor * at(U, i)));
    return plusSent(multiplySecret(H0, at(U, i + 1)), BASE, at(R, i + 1));
  });

  // t₁ = ω₁ · B, t₂ = ω₂ · B, t₃ = ω₃ · B + Σ ω′ᵢ · Hᵢ, (t₄, t₅) = −ω₄ · (B, K) + Σ ω′ᵢ · e′ᵢ, t̂ᵢ = ω̂ᵢ · B + ω′ᵢ · ĉᵢ₋₁
  const [w1, w2, w3, w4] = [randomScalar(random), randomScalar(random), randomScalar(random), randomScalar(random)];
  const [wHat, wPrime] = [draw(), draw()];
  const t3 = plusSent(sumOfSecretProducts(H, wPrime), BASE, w3);
  const [As, Cs] = [outputs.map(([A]) => A), outputs.map(([, C]) => C)];
  const t4 = plusSent(sumOfSecretProducts(As, wPrime), BASE, -w4);
  const t5 = plusSent(sumOfSecretProducts(Cs, wPrime), key, -w4);
  const tHat = wPrime.map((w, i) => plusSent(multiplySecret(H0, toScalar(w * at(U, i))), BASE, at(wHat, i) + w * at(R, i)));

  const commitments = {
    cHat: formatPoints(cHat),
    t: formatPoints([sent(BASE, w1), sent(BASE, w2), t3, t4, t5]) as ShuffleProof['t'],
    tHat: formatPoints(tHat),
  };
  const x = challengeOf(seed, commitments);

  // s₁ = ω₁ + x · Σ rⱼ, s₂ = ω₂ + x · R_N, s₃ = ω₃ + x · Σ uⱼrⱼ, s₄ = ω₄ + x · Σ uⱼr′ⱼ, ŝᵢ = ω̂ᵢ + x · r̂ᵢ, s′ᵢ = ω′ᵢ + x · u′ᵢ
  const respond = (w: Scalar, value: bigint) => toScalar(w + x * toScalar(value)).toString(10);
  const s: ShuffleProof['s'] = [
    respond(
      w1,
      r.reduce((sum, value) => sum + value, 0n),
    ),
    respond(w2, at(R, size)),
    respond(w3, product(u, r)),
    respond(w4, product(u, rPrime)),
  ];
  const sHat = wHat.map((w, i) => respond(w, at(rHat, i)));
  const sPrime = wPrime.map((w, i) => respond(w, at(uPrime, i)));
  return { items, proof: { c: cTexts, ...commitments, s, sHat, sPrime } };
}

/** A uniform permutation of 0 … size − 1. Fisher and Yates 1938 in Durstenfeld's form (1964); draws without bias. */
export function drawPermutation(size: number, random: Random): number[] {
  const order = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = randomBelow(i + 1, random);
    [order[i], order[j]] = [at(order, j), at(order, i)];
  }
  return order;
}

function at<T>(values: readonly T[], i: number): T {
  return values[i] as T;
}

function product(a: readonly Scalar[], b: readonly Scalar[]): bigint {
  return a.reduce((sum, value, i) => sum + value * at(b, i), 0n);
}

function pairUp(texts: readonly PointText[]): ItemText[] {
  return Array.from({ length: texts.length / 2 }, (_, i) => [at(texts, 2 * i), at(texts, 2 * i + 1)]);
}
