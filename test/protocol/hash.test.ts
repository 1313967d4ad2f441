import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashBytes, hashHex, hashToField, hashWide, TAGS } from '#lib/protocol/messages/hash.ts';
import { findHashes, PORTABLE_HASHES } from '#lib/protocol/messages/hash-engine.ts';
import { FIELD_ORDER, toField } from '#lib/protocol/numbers/field.ts';
import { hash2, hash3, hash4 } from '#lib/protocol/numbers/poseidon.ts';

const tag = fc.constantFrom(...TAGS);

describe('tagged hashes', () => {
  it('are SHA-256 and SHA-512 of the tag, a zero byte and the canonical value', () => {
    fc.assert(
      fc.property(tag, fc.integer(), (name, value) => {
        const bytes = Buffer.from(`round-robin/v2/${name}\0${JSON.stringify({ a: value })}`);
        expect(hashHex(name, { a: value })).toBe(createHash('sha256').update(bytes).digest('hex'));
        expect(hashWide(name, { a: value })).toBe(BigInt(`0x${createHash('sha512').update(bytes).digest('hex')}`));
      }),
    );
  });

  it('are the same from both engines, for texts of every length and every kind of character', () => {
    const engines = [PORTABLE_HASHES, findHashes()] as const;
    expect(engines[1]).not.toBe(PORTABLE_HASHES); // Node has its own
    const check = (text: string) => {
      for (const algorithm of ['sha256', 'sha512'] as const) {
        const [one, other] = engines.map((engine) => engine[algorithm](text));
        expect(other).toEqual(one); // a Uint8Array and no Buffer
      }
    };
    for (const text of ['', '\0', 'é', '名', '𝔸\u{10ffff}', 'x'.repeat(63), 'y'.repeat(127), 'ab'.repeat(100_000)]) check(text);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check));
  });

  it('differ by tag: no two tags are the same', () => {
    expect(new Set(TAGS.map((name) => hashHex(name, 1))).size).toBe(TAGS.length);
  });

  it('give field elements of 31 bytes', () => {
    fc.assert(
      fc.property(tag, fc.string(), (name, value) => {
        const field = hashToField(name, value);
        expect(field).toBe(BigInt(`0x${Buffer.from(hashBytes(name, value)).toString('hex').slice(0, 62)}`));
        expect(field < FIELD_ORDER).toBe(true);
      }),
    );
  });
});

describe('Poseidon', () => {
  // Known answers of circomlib.
  it('agrees with circomlib', () => {
    const [one, two, three, four] = [1n, 2n, 3n, 4n].map(toField) as [never, never, never, never];
    expect(hash2(one, two)).toBe(7853200120776062878684798364095072458815029376092732009249414926327459813530n);
    expect(hash3([one, two, three])).toBe(6542985608222806190361240322586112750744169038454362455181422643027100751666n);
    expect(hash4([one, two, three, four])).toBe(18821383157269793795438455681495246036402687001665670618754263018637548127333n);
  });
});
