import { bytesToHex } from '@noble/hashes/utils.js';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { hashBytes, hashHex } from '#lib/protocol/messages/hash.ts';
import { proveEquality } from '#lib/protocol/numbers/discrete-log.ts';
import { BASE, formatPoint, multiplySecret, type Point, parseCurvePoint, type Scalar, sumOfProducts } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Opening, Wave } from '#lib/protocol/reveal/opening.ts';

/**
 * An opening with any partials and the best proof that a trustee can make for them: written from SPEC §10.2, not from the
 * code, so that it also shows that the two agree.
 */
export function openWith(author: Author, share: Scalar, wave: Wave, partials: readonly Point[], random: Random): Opening {
  const { context, trustee, seed: signingSeed } = author;
  const key = multiplySecret(BASE, share);
  const texts = partials.map(formatPoint);
  const items = wave.items.map((item, i) => ({ ...item, partial: texts[i] ?? [] }));
  const { number, checkpoint } = wave;
  const seed = hashHex('opening-seed', { statement: context.id, trustee, key: formatPoint(key), wave: number, checkpoint, items });
  const coefficients = items.map(
    (_, index) => BigInt(`0x${bytesToHex(hashBytes('opening-coefficient', { seed, index }).subarray(0, 16))}`) as Scalar,
  );
  const base = sumOfProducts(
    wave.items.map((item) => parseCurvePoint(item.ephemeral) as Point),
    coefficients,
  );
  const image = timesEight(sumOfProducts(partials, coefficients));
  const proof = proveEquality('opening-challenge', share, { key, base, image }, { seed }, random);
  const body = { type: 'opening' as const, statement: context.id, trustee, wave: number, checkpoint, partials: texts, proof };
  return signMessage('opening', body, signingSeed);
}

export function timesEight(point: Point): Point {
  return point.double().double().double();
}
