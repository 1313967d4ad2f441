// SPEC §7.1: proofs of knowledge and of equal discrete logarithms, made non-interactive by hashing (Fiat–Shamir)
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Tag } from '../messages/hash.ts';
import type { Json } from '../messages/json.ts';
import { pointText, scalarText } from '../messages/shape.ts';
import {
  BASE,
  formatPoint,
  hashToScalar,
  multiplyPublic,
  multiplySecret,
  type Point,
  parsePoint,
  parseScalar,
  type Scalar,
  toScalar,
} from './point.ts';
import type { Random } from './random.ts';

/** A Schnorr proof: the commitment nonce · B and the response nonce + challenge · secret. */
export const possessionShape = z.strictObject({ commitment: pointText, response: scalarText });
export type Possession = z.infer<typeof possessionShape>;

/** A Chaum–Pedersen proof: the commitments nonce · B and nonce · base, and one response. */
export const equalityShape = z.strictObject({ commitments: z.tuple([pointText, pointText]).readonly(), response: scalarText });
export type EqualityProof = z.infer<typeof equalityShape>;

/** What a proof is bound to: every public value of the situation, hashed into the challenge. */
type Binding = { readonly [key: string]: Json };

/**
 * A nonce that repeats only if secret, situation and fresh randomness all do: a broken random source alone leaks nothing.
 * SPEC §7.1.
 */
function nonceFor(secret: Scalar, binding: Binding, random: Random): Scalar {
  const nonce = hashToScalar('nonce', { secret: secret.toString(10), binding, fresh: bytesToHex(random(32)) });
  if (nonce === 0n) throw new RangeError('"random" led to a zero nonce');
  return nonce;
}

/** Proves knowledge of the discrete logarithm of secret · B. Schnorr 1991; SPEC §7.1. */
export function provePossession(secret: Scalar, binding: Binding, random: Random): Possession {
  const key = multiplySecret(BASE, secret);
  const nonce = nonceFor(secret, binding, random);
  const commitment = multiplySecret(BASE, nonce);
  const challenge = possessionChallenge(key, commitment, binding);
  return { commitment: formatPoint(commitment), response: toScalar(nonce + challenge * secret).toString(10) };
}

/** Whether the prover knows the discrete logarithm of `key`. The caller has checked `key` with `parsePoint`. SPEC §7.1. */
export function isPossessed(key: Point, proof: Possession, binding: Binding): boolean {
  const commitment = parsePoint(proof.commitment);
  const response = parseScalar(proof.response);
  if (commitment === null || response === null) return false;
  const challenge = possessionChallenge(key, commitment, binding);
  return multiplyPublic(BASE, response).equals(commitment.add(multiplyPublic(key, challenge)));
}

function possessionChallenge(key: Point, commitment: Point, binding: Binding): Scalar {
  return hashToScalar('possession', { binding, key: formatPoint(key), commitment: formatPoint(commitment) });
}

/** A claim that one secret links B to `key` and `base` to `image`. */
export type EqualityClaim = { key: Point; base: Point; image: Point };

/** Proves log_B(key) = log_base(image) = secret. Chaum and Pedersen 1992; SPEC §7.1. */
export function proveEquality(tag: Tag, secret: Scalar, claim: EqualityClaim, binding: Binding, random: Random): EqualityProof {
  const nonce = nonceFor(secret, binding, random);
  const commitments = [multiplySecret(BASE, nonce), multiplySecret(claim.base, nonce)] as const;
  const challenge = equalityChallenge(tag, claim, commitments, binding);
  return {
    commitments: [formatPoint(commitments[0]), formatPoint(commitments[1])],
    response: toScalar(nonce + challenge * secret).toString(10),
  };
}

/**
 * Whether one secret links B to `key` and `base` to `image`. The caller has checked that the three points of the claim are in
 * the prime subgroup and `key` and `base` not the identity; the commitments are checked here. Equations are exact. SPEC §7.1.
 */
export function isEqual(tag: Tag, claim: EqualityClaim, proof: EqualityProof, binding: Binding): boolean {
  const first = parsePoint(proof.commitments[0]);
  const second = parsePoint(proof.commitments[1]);
  const response = parseScalar(proof.response);
  if (first === null || second === null || response === null) return false;
  const challenge = equalityChallenge(tag, claim, [first, second], binding);
  return (
    multiplyPublic(BASE, response).equals(first.add(multiplyPublic(claim.key, challenge))) &&
    multiplyPublic(claim.base, response).equals(second.add(multiplyPublic(claim.image, challenge)))
  );
}

function equalityChallenge(tag: Tag, claim: EqualityClaim, commitments: readonly [Point, Point], binding: Binding): Scalar {
  return hashToScalar(tag, {
    binding,
    key: formatPoint(claim.key),
    base: formatPoint(claim.base),
    image: formatPoint(claim.image),
    commitments: commitments.map(formatPoint),
  });
}
