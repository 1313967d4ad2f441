import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkName, NAME_BYTES, type NameFields, packName, unpackName } from '#lib/protocol/member/name.ts';
import { toField } from '#lib/protocol/numbers/field.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 140 }), fc.string({ unit: 'grapheme', maxLength: 60 }));
const blocks = fc.tuple(
  ...Array.from({ length: 4 }, () => fc.bigInt({ min: 0n, max: 2n ** 249n }).map(toField)),
) as unknown as fc.Arbitrary<NameFields>;
/** Blocks of bytes that are likely to be UTF-8. */
const bytes = fc.uint8Array({ minLength: 1, maxLength: NAME_BYTES, max: 0x7f }).map((some): NameFields => {
  const all = Buffer.alloc(NAME_BYTES);
  all.set(some);
  return [0, 1, 2, 3].map((i) => toField(BigInt(`0x${all.subarray(31 * i, 31 * i + 31).toString('hex')}`))) as unknown as NameFields;
});

describe('an attested name', () => {
  it('comes out of its four blocks as it went in, or cannot go in', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        if (checkName(name).ok) expect(unpackName(packName(name))).toEqual({ ok: true, value: name });
        else expect(() => packName(name)).toThrow(RangeError);
      }),
      { numRuns: 500 },
    );
  });

  it('T5: comes out of no other blocks: what unpacks packs to the same', () => {
    fc.assert(
      fc.property(fc.oneof(blocks, bytes), (fields) => {
        const name = unpackName(fields);
        if (name.ok) expect(packName(name.value)).toEqual(fields);
        else expect(name.code).toBe('BAD_NAME');
      }),
      { numRuns: 500 },
    );
  });

  it('T5: does not come out of a block with a bit above its 31 bytes, so that no two sealings show one name', () => {
    const fields = packName('Jane Doe, Senator for District 4');
    for (const i of [0, 1, 2, 3])
      for (const bit of [248n, 249n, 252n]) {
        const wider = fields.map((field, k) => (k === i ? toField(field + (1n << bit)) : field)) as unknown as NameFields;
        expect(unpackName(wider)).toMatchObject({ ok: false, code: 'BAD_NAME' });
      }
  });

  it('takes real names of many scripts', () => {
    for (const name of [
      'Jane Doe, Senator for District 4',
      'Siobhán O’Neill-Ní Bhriain',
      'Žofie Nováková',
      '李小龍',
      'Μαρία',
      'محمد',
      'נועה',
      'नेहा',
      'ประยุทธ์',
    ])
      expect(unpackName(packName(name)), name).toEqual({ ok: true, value: name });
  });

  it('cannot rearrange the text around it', () => {
    for (const point of [0x202a, 0x202e, 0x2066, 0x2069, 0x200e, 0x200f, 0x061c, 0xfeff, 0x2028, 0x2029, 0, 9, 10, 13, 0x7f, 0x80, 0x9f])
      expect(checkName(`a${String.fromCodePoint(point)}b`).ok, point.toString(16)).toBe(false);
  });

  it('is measured in bytes', () => {
    expect(checkName('é'.repeat(62)).ok).toBe(true);
    expect(checkName(`${'é'.repeat(62)}a`)).toMatchObject({ ok: false, detail: 'the name takes 125 bytes, at most 124 fit' });
  });
});
