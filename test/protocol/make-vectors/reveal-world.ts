// What the vectors of SPEC §10 share: a committee of four of whom two open, and a wave of two groups. No roll, no entry stands behind it.
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { hashHex } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { BASE, formatPoint, multiplyPublic, type Point, parseCurvePoint, type Scalar, toScalar } from '#lib/protocol/numbers/point.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import type { SealedList } from '#lib/protocol/reveal/shuffle.ts';
import { seeded } from '#test/circuits/signer.ts';
import { mixBy, waveOf } from '../reveal-scene.ts';
import { smallOrderPoint } from './odd-points.ts';

const random = seeded('vectors of the reveal');
export const STATEMENT = hashHex('statement', 'a statement of which only the id is known');
export const A = 'a0'.repeat(32);
const B = 'b1'.repeat(32);
export const somePoint = (from: Random): Point => multiplyPublic(BASE, randomScalar(from));
export const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);

/** f(j) = a₀ + a₁ · j is the share of trustee j, a₀ · B the key. */
const [a0, a1] = [randomScalar(random), randomScalar(random)];
const SHARES = [1n, 2n, 3n, 4n].map((j) => toScalar(a0 + a1 * j));
export const KEY = multiplyPublic(BASE, a0);
export const VERIFICATION_KEYS = SHARES.map((share) => multiplyPublic(BASE, share));
export const SEEDS = SHARES.map(() => random(32));
const AUTHORS = SEEDS.map((seed, i) => ({ context: { id: STATEMENT }, trustee: i + 1, seed }) as unknown as Author);
export const authorOf = (trustee: number) => AUTHORS[trustee - 1] as Author;
export const shareOf = (trustee: number) => SHARES[trustee - 1] as Scalar;

/** The second token of the first group stands there twice (T64). */
const [first, twice] = [somePoint(random), somePoint(random)];
const TOKENS = new Map([
  [A, [first, twice, twice]],
  [B, [somePoint(random), somePoint(random)]],
]);
export const { wave, entries, setting } = waveOf(STATEMENT, KEY, TOKENS, random);
/** The chain of trustees 3 and 1. */
export const chain = mixBy(setting, [authorOf(3), authorOf(1)], random);

export const withSmallPart = (text: readonly string[]) => formatPoint((parseCurvePoint(text) as Point).add(smallOrderPoint()));
export const listText = ({ items }: SealedList) => items.map((item) => item.map(formatPoint));

/** What cases of this chapter share. Keys and shares are given so that an implementation can also make what it checks here. */
export const GIVEN = {
  statement: STATEMENT,
  key: formatPoint(KEY),
  threshold: 2,
  shares: SHARES.map(String),
  verificationKeys: VERIFICATION_KEYS.map(formatPoint),
  trustees: SEEDS.map((seed) => ({ seed: Buffer.from(seed).toString('hex'), key: publicKeyOf(seed) })),
  wave,
  entries,
} as unknown as Json;
