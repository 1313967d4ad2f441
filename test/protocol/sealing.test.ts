import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openNumber, openPoint, sealNumber, sealPoint } from '#lib/protocol/key/sealing.ts';
import { isEqual, isPossessed, proveEquality, provePossession } from '#lib/protocol/numbers/discrete-log.ts';
import { FIELD_ORDER, toField } from '#lib/protocol/numbers/field.ts';
import { BASE, IDENTITY, multiplySecret, SCALAR_ORDER, toScalar } from '#lib/protocol/numbers/point.ts';
import { seeded } from '../circuits/signer.ts';

const scalar = fc.bigInt({ min: 1n, max: SCALAR_ORDER - 1n }).map(toScalar);
const field = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map(toField);
const quick = { numRuns: 20 };

describe('a sealed point', () => {
  it('opens with the key it was made for, and with the shared point', () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, (secret, randomness, plain) => {
        const point = multiplySecret(BASE, plain);
        const { ephemeral, sealed } = sealPoint(point, multiplySecret(BASE, secret), randomness);
        expect(openPoint(sealed, multiplySecret(ephemeral, secret)).equals(point)).toBe(true);
        expect(openPoint(sealed, multiplySecret(ephemeral, toScalar(secret + 1n))).equals(point)).toBe(false);
      }),
      quick,
    );
  });

  it('opens to the same after anybody has re-randomised it, and looks like another', () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, (secret, randomness, more) => {
        const [point, key] = [BASE.double(), multiplySecret(BASE, secret)];
        const first = sealPoint(point, key, randomness);
        const again = sealPoint(IDENTITY, key, more);
        const mixed = { ephemeral: first.ephemeral.add(again.ephemeral), sealed: first.sealed.add(again.sealed) };
        expect(openPoint(mixed.sealed, multiplySecret(mixed.ephemeral, secret)).equals(point)).toBe(true);
        expect(mixed.ephemeral.equals(first.ephemeral) || mixed.sealed.equals(first.sealed)).toBe(false);
      }),
      quick,
    );
  });

  it('T32: is not made with randomness zero, which would open it to all', () => {
    for (const zero of [toScalar(0n), toScalar(SCALAR_ORDER)]) expect(() => sealPoint(BASE, BASE, zero)).toThrow(RangeError);
  });
});

describe('a sealed number', () => {
  it('opens with the key it was made for, and with the shared point', () => {
    fc.assert(
      fc.property(scalar, scalar, field, field, field, (secret, randomness, number, scope, subject) => {
        const sealed = sealNumber(number, multiplySecret(BASE, secret), { scope, subject }, randomness);
        expect(openNumber(sealed.ciphertext, multiplySecret(sealed.ephemeral, secret), { scope, subject })).toBe(number);
      }),
      quick,
    );
  });

  it('T6: does not open under another statement, for another recipient or with another key', () => {
    fc.assert(
      fc.property(scalar, scalar, field, field, field, field, (secret, randomness, number, scope, subject, other) => {
        fc.pre(other !== scope && other !== subject);
        const sealed = sealNumber(number, multiplySecret(BASE, secret), { scope, subject }, randomness);
        const shared = multiplySecret(sealed.ephemeral, secret);
        expect(openNumber(sealed.ciphertext, shared, { scope: other, subject })).not.toBe(number);
        expect(openNumber(sealed.ciphertext, shared, { scope, subject: other })).not.toBe(number);
        expect(openNumber(sealed.ciphertext, multiplySecret(sealed.ephemeral, randomness), { scope, subject })).not.toBe(number);
      }),
      quick,
    );
  });

  it('T32: is not made with randomness zero', () => {
    const context = { scope: toField(1n), subject: toField(2n) };
    for (const zero of [toScalar(0n), toScalar(SCALAR_ORDER)])
      expect(() => sealNumber(toField(1n), BASE, context, zero)).toThrow(RangeError);
  });
});

describe('a proof of a discrete logarithm', () => {
  const random = seeded('discrete log test');
  const binding = { statement: '00'.repeat(32), trustee: 1 };

  it('T11: convinces for the secret and binding it was made for, and for no other key', () => {
    fc.assert(
      fc.property(scalar, scalar, (secret, other) => {
        fc.pre(secret !== other);
        const proof = provePossession(secret, binding, random);
        expect(isPossessed(multiplySecret(BASE, secret), proof, binding)).toBe(true);
        expect(isPossessed(multiplySecret(BASE, other), proof, binding)).toBe(false);
        expect(isPossessed(multiplySecret(BASE, secret), proof, { ...binding, trustee: 2 })).toBe(false);
      }),
      quick,
    );
  });

  it('T11: shows equal logarithms only: key, base, image and tag are all in the challenge', () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, (secret, other, at) => {
        fc.pre(secret !== other);
        const base = multiplySecret(BASE, at);
        const claim = { key: multiplySecret(BASE, secret), base, image: multiplySecret(base, secret) };
        const proof = proveEquality('opening-challenge', secret, claim, binding, random);
        expect(isEqual('opening-challenge', claim, proof, binding)).toBe(true);
        expect(isEqual('complaint-proof', claim, proof, binding)).toBe(false);
        expect(isEqual('opening-challenge', { ...claim, image: multiplySecret(base, other) }, proof, binding)).toBe(false);
        expect(isEqual('opening-challenge', { ...claim, key: multiplySecret(BASE, other) }, proof, binding)).toBe(false);
        // One who knows both logarithms cannot prove them equal.
        const lie = { key: claim.key, base, image: multiplySecret(base, other) };
        expect(isEqual('opening-challenge', lie, proveEquality('opening-challenge', other, lie, binding, random), binding)).toBe(false);
      }),
      quick,
    );
  });

  it('T11: cannot be made for key and image chosen after the challenge', () => {
    // Without the key in the challenge, response and commitment could be chosen first and the key solved for.
    const [response, commitment] = [toScalar(5n), multiplySecret(BASE, toScalar(3n))];
    const proof = provePossession(toScalar(3n), binding, random);
    const forged = { commitment: proof.commitment, response: String(response) };
    expect(isPossessed(commitment, forged, binding)).toBe(false);
    expect(isPossessed(IDENTITY, forged, binding)).toBe(false);
  });

  it('does not repeat its nonce when the random source does', () => {
    const stuck = (length: number) => new Uint8Array(length);
    const [a, b] = [provePossession(toScalar(7n), binding, stuck), provePossession(toScalar(7n), { ...binding, trustee: 2 }, stuck)];
    expect(a.commitment).not.toEqual(b.commitment);
    expect(provePossession(toScalar(8n), binding, stuck).commitment).not.toEqual(a.commitment);
  });
});
