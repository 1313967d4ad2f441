import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicKey, isSignedBy, messageHash, publicKeyOf, signMessage, verifyEd25519 } from '#lib/protocol/messages/ed25519.ts';
import { findEngine, PORTABLE_ENGINE } from '#lib/protocol/messages/ed25519-engine.ts';
import { taggedBytes } from '#lib/protocol/messages/hash.ts';
import { signatures } from './make-vectors/ed25519.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hex = (some: Uint8Array) => Buffer.from(some).toString('hex');

/** Keys of OpenSSL, through the fixed DER frames of RFC 8410. */
const opensslSecret = (seed: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
const opensslPublic = (key: string) =>
  createPublicKey({ key: Buffer.from(`302a300506032b6570032100${key}`, 'hex'), format: 'der', type: 'spki' });

describe('the one Ed25519 rule', () => {
  it('takes what OpenSSL signs, and OpenSSL takes what is signed here', () => {
    fc.assert(
      fc.property(bytes(32), fc.uint8Array(), fc.integer(), (seed, message, value) => {
        expect(verifyEd25519(hex(sign(null, message, opensslSecret(seed))), message, publicKeyOf(seed))).toBe(true);
        const signed = signMessage('receipt', { value }, seed);
        const over = taggedBytes('receipt', { value });
        expect(verify(null, over, opensslPublic(publicKeyOf(seed)), Buffer.from(signed.signature, 'hex'))).toBe(true);
        expect(isSignedBy('receipt', signed, publicKeyOf(seed))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('refuses every signature with one bit changed', () => {
    const seed = new Uint8Array(32).fill(3);
    const message = new Uint8Array([1, 2, 3]);
    const good = sign(null, message, opensslSecret(seed));
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const changed = Uint8Array.from(good);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verifyEd25519(hex(changed), message, publicKeyOf(seed))).toBe(false);
      }),
    );
  });

  it('T31: is one verdict of both engines, for honest signatures and at every edge', () => {
    const engines = [PORTABLE_ENGINE, findEngine()];
    expect(engines[1]).not.toBe(PORTABLE_ENGINE); // Node has its own
    const edges = (signatures.operations.verify?.cases ?? []).map(
      (one) => one.input as { key: string; message: string; signature: string },
    );
    const judged = edges.filter(({ key, signature }) => isPublicKey(key) && /^[0-9a-f]{128}$/.test(signature));
    expect(judged.length).toBeGreaterThan(9);
    for (const { key, message, signature } of judged) {
      const verdicts = engines.map((engine) => engine.holds(Buffer.from(signature, 'hex'), Buffer.from(message, 'hex'), key));
      expect([signature, verdicts]).toEqual([signature, Array(2).fill(verifyEd25519(signature, Buffer.from(message, 'hex'), key))]);
    }
    for (const length of [0, 31, 33, 64])
      for (const engine of engines) {
        expect(() => engine.sign(new Uint8Array(3), new Uint8Array(length))).toThrow();
        expect(() => engine.publicKey(new Uint8Array(length))).toThrow();
      }
    fc.assert(
      fc.property(bytes(32), fc.uint8Array(), fc.nat(511), (seed, message, bit) => {
        const [one, other] = engines.map((engine) => engine.sign(message, seed)) as [Uint8Array, Uint8Array];
        expect(one).toEqual(other);
        expect(Buffer.from(engines[0]!.publicKey(seed))).toEqual(Buffer.from(engines[1]!.publicKey(seed)));
        const changed = Uint8Array.from(one, (byte, i) => byte ^ (i === bit >> 3 ? 1 << (bit & 7) : 0));
        for (const engine of engines)
          expect([one, changed].map((signature) => engine.holds(signature, message, publicKeyOf(seed)))).toEqual([true, false]);
      }),
      { numRuns: 25 },
    );
  });

  it('T31: is one verdict at every edge where libraries differ', () => {
    // Each of these is accepted by some library in use; the vectors of SPEC §1.7 fix what is said here.
    const edges = signatures.operations.verify?.cases ?? [];
    const verdict = (name: RegExp) => {
      const { input, expect: expected } = edges.find((one) => name.test(one.name)) as (typeof edges)[0];
      const { key, message, signature } = input as { key: string; message: string; signature: string };
      return [verifyEd25519(signature, Uint8Array.from(Buffer.from(message, 'hex')), key), expected];
    };
    expect(verdict(/^S \+ L$/)).toEqual([false, 'refused']);
    expect(verdict(/^R with a part of order 2/)).toEqual([false, 'refused']);
    expect(verdict(/^R with a part of order 8/)).toEqual([false, 'refused']);
    expect(verdict(/^R is the identity, y \+ p/)).toEqual([false, 'refused']);
    expect(verdict(/^the key is the identity, so/)).toEqual([false, 'refused']);
    expect(verdict(/that \(k mod L\) clears/)).toEqual([true, 'ok']);
    expect(verdict(/that k clears/)).toEqual([false, 'refused']);
  });

  it('T31: gives every key one spelling: what some libraries read as the same key is none', () => {
    const keys = signatures.operations['public-key']?.cases ?? [];
    const verdict = (name: string) => {
      const { input, expect: expected } = keys.find((one) => one.name === name) as (typeof keys)[0];
      return [isPublicKey((input as { key: string }).key), expected];
    };
    expect(verdict('a key with a part of order 8')).toEqual([true, 'ok']);
    for (const name of ['of large order, y + p', 'the identity, y + p', 'x = 0 with the sign of x', 'upper-case hexadecimal'])
      expect([name, verdict(name)]).toEqual([name, [false, 'refused']]);
  });

  it('reads anything as key and signature without throwing', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (signature, key) => !verifyEd25519(signature, new Uint8Array(0), key)));
    fc.assert(
      fc.property(bytes(64), bytes(32), (signature, key) => !verifyEd25519(hex(signature), new Uint8Array(0), hex(key))),
      { numRuns: 20 },
    );
  });
});

describe('a signed message', () => {
  const seed = new Uint8Array(32).fill(4);

  it('T6: is valid under its own tag only', () => {
    const signed = signMessage('cosignature', { a: 1 }, seed);
    expect(isSignedBy('cosignature', signed, publicKeyOf(seed))).toBe(true);
    expect(isSignedBy('opening', signed, publicKeyOf(seed))).toBe(false);
  });

  it('has a hash that does not depend on the signature or the order of members', () => {
    const signed = signMessage('commit', { b: 2, a: 1 }, seed);
    expect(messageHash('commit', { a: 1, signature: 'x', b: 2 } as never)).toBe(messageHash('commit', signed));
    expect(messageHash('commit', { ...signed, a: 2 } as never)).not.toBe(messageHash('commit', signed));
    expect(messageHash('deal', signed)).not.toBe(messageHash('commit', signed));
  });
});
