import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from '#lib/protocol/key/sealing.ts';
import { isEqual, isPossessed, proveEquality, provePossession } from '#lib/protocol/numbers/discrete-log.ts';
import { FIELD_ORDER, toField } from '#lib/protocol/numbers/field.ts';
import { BASE, IDENTITY, multiplySecret, SCALAR_ORDER, toScalar } from '#lib/protocol/numbers/point.ts';
import { seeded } from '../circuits/signer.ts';

const scalar = fc.bigInt({ min: 1n, max: SCALAR_ORDER - 1n }).map(toScalar);
const field = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map(toField);
const plain = fc.array(field, { minLength: 1, maxLength: 4 });
const quick = { numRuns: 20 };

describe('a seal', () => {
  it('opens with the key it was made for, and with the shared point', () => {
    fc.assert(
      fc.property(scalar, scalar, plain, field, field, (secret, randomness, text, scope, subject) => {
        const sealed = seal(text, multiplySecret(BASE, secret), { scope, subject }, randomness);
        expect(unseal(sealed.ciphertext, multiplySecret(sealed.ephemeral, secret), { scope, subject })).toEqual(text);
      }),
      quick,
    );
  });

  it('T6: does not open under another statement, for another signer or with another key', () => {
    fc.assert(
      fc.property(scalar, scalar, plain, field, field, field, (secret, randomness, text, scope, subject, other) => {
        fc.pre(other !== scope && other !== subject);
        const sealed = seal(text, multiplySecret(BASE, secret), { scope, subject }, randomness);
        const shared = multiplySecret(sealed.ephemeral, secret);
        expect(unseal(sealed.ciphertext, shared, { scope: other, subject })[0]).not.toBe(text[0]);
        expect(unseal(sealed.ciphertext, shared, { scope, subject: other })[0]).not.toBe(text[0]);
        expect(unseal(sealed.ciphertext, multiplySecret(sealed.ephemeral, randomness), { scope, subject })[0]).not.toBe(text[0]);
      }),
      quick,
    );
  });

  it('T32: is not made with randomness zero, which would open it to all', () => {
    const context = { scope: toField(1n), subject: toField(2n) };
    expect(() => seal([toField(1n)], BASE, context, toScalar(0n))).toThrow(RangeError);
    expect(() => seal([toField(1n)], BASE, context, toScalar(SCALAR_ORDER))).toThrow(RangeError);
  });

  it('holds one to four elements', () => {
    const context = { scope: toField(1n), subject: toField(2n) };
    for (const count of [0, 5]) expect(() => seal(new Array(count).fill(toField(1n)), BASE, context, toScalar(3n))).toThrow(RangeError);
  });

  it('T34: gives a testimony no oracle: its key is the shared point of the one ephemeral that the proof covers', () => {
    // A second seal to the statement's key with an ephemeral of its own does not open with the points that trustees publish.
    const secret = toScalar(77n);
    const context = { scope: toField(1n), subject: toField(2n) };
    const identity = seal([toField(10n)], multiplySecret(BASE, secret), context, toScalar(5n));
    const testimony = seal([toField(11n)], multiplySecret(BASE, secret), context, toScalar(6n));
    const published = multiplySecret(identity.ephemeral, secret);
    expect(unseal(identity.ciphertext, published, context)).toEqual([10n]);
    expect(unseal(testimony.ciphertext, published, context)).not.toEqual([11n]);
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
