import { bytesToHex } from '@noble/hashes/utils.js';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { hashBytes, hashHex } from '#lib/protocol/messages/hash.ts';
import { proveEquality } from '#lib/protocol/numbers/discrete-log.ts';
import { BASE, formatPoint, multiplySecret, type Point, type Scalar, sumOfProducts } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { ChainEnd, Opening } from '#lib/protocol/reveal/opening.ts';

/**
 * An opening with any partials, list by list, and the best proof that a trustee can make for them: written from SPEC §10.7, not
 * from the code, so that it also shows that the two agree.
 */
export function openWith(author: Author, share: Scalar, end: ChainEnd, partials: readonly (readonly Point[])[], random: Random): Opening {
  const { context, trustee, seed: signingSeed } = author;
  const key = multiplySecret(BASE, share);
  const { wave, content, mix } = end;
  const lists = end.lists.map(({ group }, i) => ({ group, partials: (partials[i] as Point[]).map(formatPoint) }));
  const seed = hashHex('opening-seed', { statement: context.id, trustee, key: formatPoint(key), wave, content, mix, lists });
  const coefficients = partials
    .flat()
    .map((_, i) => BigInt(`0x${bytesToHex(hashBytes('opening-coefficient', { seed, index: i + 1 }).subarray(0, 16))}`) as Scalar);
  const ephemerals = end.lists.flatMap(({ items }) => items.map(([ephemeral]) => timesEight(ephemeral)));
  const base = sumOfProducts(ephemerals, coefficients);
  const image = timesEight(sumOfProducts(partials.flat(), coefficients));
  const proof = proveEquality('opening-challenge', share, { key, base, image }, { seed }, random);
  const body = { type: 'opening' as const, statement: context.id, trustee, wave, content, mix, lead: true, lists, proof };
  return signMessage('opening', body, signingSeed);
}

function timesEight(point: Point): Point {
  return point.double().double().double();
}
