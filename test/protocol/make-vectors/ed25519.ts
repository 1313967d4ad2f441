// SPEC §1.7: Ed25519 at its edges, and signed messages
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { isPublicKey, isSignedBy, messageHash, publicKeyOf, signMessage, verifyEd25519 } from '#lib/protocol/messages/ed25519.ts';
import { type Case, type Chapter, computed, holds } from './chapter.ts';

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const P = 2n ** 255n - 19n;
const SEED = new Uint8Array(32).fill(1);
const KEY = publicKeyOf(SEED);
const OTHER_KEY = publicKeyOf(new Uint8Array(32).fill(2));
const SECRET = ed25519.utils.getExtendedPublicKey(SEED).scalar;
const TORSION = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex, true));
const ofOrder = (order: number) => TORSION.find((point) => timesUntilZero(point) === order) as (typeof TORSION)[number];

function timesUntilZero(point: (typeof TORSION)[number]): number {
  let [times, sum] = [1, point];
  for (; !sum.is0(); sum = sum.add(point)) times++;
  return times;
}

function littleEndian(value: bigint): string {
  return bytesToHex(hexToBytes(value.toString(16).padStart(64, '0')).reverse());
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(Uint8Array.from(bytes).reverse())}`);
}

/** The hash of RFC 8032 before it is reduced modulo L. */
function wideChallenge(r: string, key: string, message: string): bigint {
  return number(sha512(concatBytes(hexToBytes(r), hexToBytes(key), utf8ToBytes(message))));
}

/** Signs under any bytes for R and for the key: S = nonce + k · secret. */
function forge(message: string, nonce: bigint, r: string, key = KEY): string {
  const k = wideChallenge(r, key, message) % L;
  return r + littleEndian((nonce + k * SECRET) % L);
}

const NONCE = 123456789n;
const R = Point.BASE.multiply(NONCE);
const good = bytesToHex(ed25519.sign(utf8ToBytes('a message'), SEED));
const S = number(hexToBytes(good.slice(64)));
const identity = littleEndian(1n);
const noncanonicalIdentity = littleEndian(P + 1n);
const ofLargeOrder = findNoncanonicalKey();
const mixed = Point.fromHex(KEY).add(ofOrder(8)).toHex();

/** A key of large order in the one encoding that it has beside the canonical one: y + p. */
function findNoncanonicalKey(): string {
  for (let y = 2n; y < 19n; y++) {
    try {
      if (!Point.fromHex(littleEndian(y)).isSmallOrder()) return littleEndian(y + P);
    } catch {
      // not on the curve
    }
  }
  throw new Error('there is one');
}

/** Messages under a key with a part of order 8, for which reducing the hash first decides. */
function findMixed(reducedVanishes: boolean): string {
  for (let i = 0; ; i++) {
    const message = `message ${i}`;
    const wide = wideChallenge(R.toHex(), mixed, message);
    if (((wide % L) % 8n === 0n) === reducedVanishes && (wide % 8n === 0n) !== reducedVanishes) return message;
  }
}

const verify = (name: string, expect: string, signature: string, key = KEY, message = 'a message'): Case => ({
  name,
  input: { key, message: bytesToHex(utf8ToBytes(message)), signature },
  expect,
});
const key = (name: string, expect: string, value: string): Case => ({ name, input: { key: value }, expect });
const [vanishing, lasting] = [findMixed(true), findMixed(false)];
const body = { type: 'example', b: [1, 2], a: 'é' };
const signed = signMessage('receipt', body, SEED);

export const signatures: Chapter = {
  file: 'ed25519.json',
  section: '1.7',
  operations: {
    verify: {
      about: 'whether input.signature is that of input.message (hex) under input.key by the one rule',
      replay: ({ key, message, signature }) => holds(verifyEd25519(signature, hexToBytes(message), key)),
      cases: [
        verify('an honest signature', 'ok', good),
        verify('another message', 'refused', good, KEY, 'another'),
        verify('another key', 'refused', good, OTHER_KEY),
        verify('S + L', 'refused', good.slice(0, 64) + littleEndian(S + L)),
        verify('S = L', 'refused', identity + littleEndian(L)),
        verify(
          'R with a part of order 2, which a multiplication by 8 forgives',
          'refused',
          forge('a message', NONCE, R.add(ofOrder(2)).toHex()),
        ),
        verify(
          'R with a part of order 8, which a multiplication by 8 forgives',
          'refused',
          forge('a message', NONCE, R.add(ofOrder(8)).toHex()),
        ),
        verify('R is the identity, canonical', 'ok', forge('a message', 0n, identity)),
        verify('R is the identity, y + p', 'refused', forge('a message', 0n, noncanonicalIdentity)),
        verify('R is the identity, with the sign of x', 'refused', forge('a message', 0n, littleEndian(1n + 2n ** 255n))),
        verify(
          'the key is the identity, so that anything is signed',
          'refused',
          Point.BASE.multiply(5n).toHex() + littleEndian(5n),
          identity,
        ),
        verify('the key is the identity, y + p', 'refused', Point.BASE.multiply(5n).toHex() + littleEndian(5n), noncanonicalIdentity),
        verify(
          'a key with a part of order 8 that (k mod L) clears and k does not',
          'ok',
          forge(vanishing, NONCE, R.toHex(), mixed),
          mixed,
          vanishing,
        ),
        verify(
          'a key with a part of order 8 that k clears and (k mod L) does not',
          'refused',
          forge(lasting, NONCE, R.toHex(), mixed),
          mixed,
          lasting,
        ),
        verify('upper-case hexadecimal', 'refused', good.toUpperCase()),
        verify('63 bytes', 'refused', good.slice(2)),
        verify('65 bytes', 'refused', `${good}00`),
      ],
    },
    'public-key': {
      about: 'whether input.key may stand in a message',
      replay: ({ key }) => holds(isPublicKey(key)),
      cases: [
        key('an honest key', 'ok', KEY),
        key('a key with a part of order 8', 'ok', mixed),
        ...TORSION.map((point) => key(`of order ${timesUntilZero(point)}`, 'refused', point.toHex())),
        key('of large order, y + p', 'refused', ofLargeOrder),
        key('the identity, y + p', 'refused', noncanonicalIdentity),
        key('x = 0 with the sign of x', 'refused', littleEndian(1n + 2n ** 255n)),
        key('not on the curve', 'refused', littleEndian(2n)),
        key('upper-case hexadecimal', 'refused', KEY.toUpperCase()),
        key('31 bytes', 'refused', KEY.slice(2)),
      ],
    },
    'message-hash': {
      about: 'output is the hash of the signed message input.message under input.tag',
      replay: ({ tag, message }) => computed(messageHash(tag, message)),
      cases: [{ name: 'all members but the signature', input: { tag: 'receipt', message: signed }, expect: 'ok' }],
    },
    'signed-message': {
      about: 'whether input.message is signed by input.key under input.tag',
      replay: ({ tag, message, key }) => holds(isSignedBy(tag, message, key)),
      cases: [
        { name: 'an honest message', input: { tag: 'receipt', message: signed, key: KEY }, expect: 'ok' },
        { name: 'another tag', input: { tag: 'checkpoint', message: signed, key: KEY }, expect: 'refused' },
        { name: 'another key', input: { tag: 'receipt', message: signed, key: OTHER_KEY }, expect: 'refused' },
        { name: 'a member changed', input: { tag: 'receipt', message: { ...signed, a: 'e' }, key: KEY }, expect: 'refused' },
        { name: 'a member more', input: { tag: 'receipt', message: { ...signed, c: 1 }, key: KEY }, expect: 'refused' },
      ],
    },
  },
};
