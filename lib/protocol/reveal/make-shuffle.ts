// SPEC §10.4: making a shuffle and its proof; see shuffle.ts for the source and the letters
import {
  addSecretMultiples,
  BASE,
  formatPoints,
  IDENTITY,
  INVERSE_OF_EIGHT,
  type Point,
  type PointText,
  type Scalar,
  sumOfSecretProducts,
  toScalar,
} from '../numbers/point.ts';
import { drawAhead, type Random, randomBelow, randomScalar, randomScalars } from '../numbers/random.ts';
import { pointMeant, wirePointsOf } from '../numbers/wire-point.ts';
import { generatorsToCommit } from './generators.ts';
import { challengeOf, type ItemText, type SealedList, type ShuffleProof, type ShuffleSetting, seedOf, vectorOf } from './shuffle.ts';

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
  const { key } = setting;
  const [H0, ...H] = generators.slice(0, size + 1) as [Point, ...Point[]];
  const draw = () => randomScalars(size, random);
  /** (8⁻¹ mod l) · scalar · point is what is sent in place of scalar · point. The generators are eighths already. */
  const eighth = (scalar: bigint) => toScalar(scalar * INVERSE_OF_EIGHT);
  const eighths = (point: Point, scalars: readonly bigint[]) => ({ point, scalars: scalars.map(eighth) });
  const none = Array<Point>(size).fill(IDENTITY);

  // e′ᵢ = e_ψ(i) + r′_ψ(i) · (B, K), from the clean eighths of the points meant
  const psi = drawPermutation(size, random);
  const rPrime = draw();
  const clean = ([A, C]: readonly [Point, Point]) => (input.isWire ? [pointMeant(A), pointMeant(C)] : [A, C]);
  const inputs = wirePointsOf(input.items.flatMap(clean));
  const rPermuted = psi.map((j) => at(rPrime, j));
  const reencrypt = (side: 0 | 1, point: Point) =>
    addSecretMultiples(
      psi.map((j) => at(inputs, 2 * j + side)),
      eighths(point, rPermuted),
    );
  const [As, Cs] = [reencrypt(0, BASE), reencrypt(1, key)];

  // c_ψ(i) = r_ψ(i) · B + Hᵢ
  const r = draw();
  const chosen: Point[] = [];
  for (const [i, j] of psi.entries()) chosen[j] = at(H, i);
  const c = addSecretMultiples(chosen, eighths(BASE, r));

  const items = pairUp(formatPoints(As), formatPoints(Cs));
  const cTexts = formatPoints(c);
  const seed = seedOf(setting, items, cTexts);
  const u = psi.map((_, i) => vectorOf(seed, i + 1));
  const uPrime = psi.map((j) => at(u, j));

  // ĉᵢ = r̂ᵢ · B + u′ᵢ · ĉᵢ₋₁ with ĉ₀ = H₀, hence ĉᵢ = Rᵢ · B + Uᵢ · H₀
  const rHat = draw();
  const R: Scalar[] = [0n as Scalar];
  const U: Scalar[] = [1n as Scalar];
  for (const [i, factor] of uPrime.entries()) {
    R.push(toScalar(at(rHat, i) + factor * at(R, i)));
    U.push(toScalar(factor * at(U, i)));
  }
  const cHat = addSecretMultiples(none, { point: H0, scalars: U.slice(1) }, eighths(BASE, R.slice(1)));

  // t₁ = ω₁ · B, t₂ = ω₂ · B, t₃ = ω₃ · B + Σ ω′ᵢ · Hᵢ, (t₄, t₅) = −ω₄ · (B, K) + Σ ω′ᵢ · e′ᵢ, t̂ᵢ = ω̂ᵢ · B + ω′ᵢ · ĉᵢ₋₁
  const [w1, w2, w3, w4] = [randomScalar(random), randomScalar(random), randomScalar(random), randomScalar(random)];
  const [wHat, wPrime] = [draw(), draw()];
  const [t1, t2, t3, t4] = addSecretMultiples(
    [IDENTITY, IDENTITY, sumOfSecretProducts(H, wPrime), sumOfSecretProducts(As, wPrime)],
    eighths(BASE, [w1, w2, w3, -w4]),
  ) as [Point, Point, Point, Point];
  const [t5] = addSecretMultiples([sumOfSecretProducts(Cs, wPrime)], eighths(key, [-w4])) as [Point];
  const tHat = addSecretMultiples(
    none,
    { point: H0, scalars: wPrime.map((w, i) => toScalar(w * at(U, i))) },
    eighths(
      BASE,
      wPrime.map((w, i) => at(wHat, i) + w * at(R, i)),
    ),
  );

  const commitments = {
    cHat: formatPoints(cHat),
    t: formatPoints([t1, t2, t3, t4, t5]) as ShuffleProof['t'],
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
  const ahead = drawAhead(random, 4, size - 1);
  for (let i = size - 1; i > 0; i--) {
    const j = randomBelow(i + 1, ahead);
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

function pairUp(left: readonly PointText[], right: readonly PointText[]): ItemText[] {
  return left.map((text, i) => [text, at(right, i)]);
}
