import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHpkeKeyPair, HPKE_OVERHEAD, isHpkeKey, openHpke, sealHpke } from '#lib/protocol/messages/hpke.ts';
import { seeded } from '../circuits/signer.ts';

const random = seeded('hpke');
const keys = createHpkeKeyPair(random);
const info = utf8ToBytes('what it is for');
const always = (hex: string) => () => hexToBytes(hex);

describe('HPKE', () => {
  // RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, sequence number 0.
  it('is that of RFC 9180, by its own vector', () => {
    const recipient = createHpkeKeyPair(always('1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df'));
    expect(bytesToHex(recipient.secretKey)).toBe('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb');
    expect(bytesToHex(recipient.publicKey)).toBe('4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a');
    const [about, plain, associated] = [
      '4f6465206f6e2061204772656369616e2055726e',
      '4265617574792069732074727574682c20747275746820626561757479',
      '436f756e742d30',
    ].map(hexToBytes) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
    const ephemeral = always('909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b');
    const sealed = sealHpke(recipient.publicKey, about, plain, ephemeral, associated);
    expect(bytesToHex(sealed)).toBe(
      '1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a' +
        '1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28',
    );
    expect(openHpke(recipient, about, sealed, associated)).toEqual(plain);
  });

  it('opens to its recipient what was sealed, and is longer by a key and a tag', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (plain) => {
        const sealed = sealHpke(keys.publicKey, info, plain, random);
        expect(sealed).toHaveLength(plain.length + HPKE_OVERHEAD);
        expect(openHpke(keys, info, sealed)).toEqual(plain);
      }),
    );
  });

  it('opens to nobody else, for nothing else, and not when a byte was changed or cut off', () => {
    const sealed = sealHpke(keys.publicKey, info, utf8ToBytes('secret'), random);
    expect(openHpke(createHpkeKeyPair(random), info, sealed)).toBeNull();
    expect(openHpke(keys, utf8ToBytes('what else it is for'), sealed)).toBeNull();
    for (const [at] of sealed.entries())
      expect(
        openHpke(
          keys,
          info,
          sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
      ).toBeNull();
    for (let length = 0; length < sealed.length; length++) expect(openHpke(keys, info, sealed.slice(0, length))).toBeNull();
  });

  it('takes no key with which everybody shares the secret zero', () => {
    // The points of small order of Curve25519, with the spellings that are not canonical.
    for (const key of [
      '00'.repeat(32),
      `01${'00'.repeat(31)}`,
      'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
      '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
      `ecff${'ff'.repeat(29)}7f`,
      `edff${'ff'.repeat(29)}7f`,
      `eeff${'ff'.repeat(29)}7f`,
    ]) {
      expect(isHpkeKey(hexToBytes(key)), key).toBe(false);
      expect(() => sealHpke(hexToBytes(key), info, info, random)).toThrow(RangeError);
      expect(openHpke(keys, info, new Uint8Array([...hexToBytes(key), ...new Uint8Array(22)]))).toBeNull();
    }
    expect(isHpkeKey(keys.publicKey)).toBe(true);
    expect(isHpkeKey(keys.publicKey.slice(1))).toBe(false);
  });
});
