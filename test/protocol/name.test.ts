import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkName, nameHash } from '#lib/protocol/member/name.ts';

const [GROUP, OTHER_GROUP] = ['1a'.repeat(32), '2b'.repeat(32)] as [string, string];
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 220 }), fc.string({ unit: 'grapheme', maxLength: 60 }));
describe('an attested name', () => {
  it('T44: has a hash of its own in each group, and what is no name has none', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        if (!checkName(a).ok) {
          expect(() => nameHash(GROUP, a)).toThrow(RangeError);
          return;
        }
        expect(nameHash(GROUP, a)).not.toBe(nameHash(OTHER_GROUP, a));
        if (checkName(b).ok) expect(nameHash(GROUP, a) === nameHash(GROUP, b)).toBe(a === b);
      }),
      { numRuns: 500 },
    );
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
      expect(checkName(name), name).toEqual({ ok: true, value: name });
  });

  it('cannot rearrange the text around it', () => {
    for (const point of [0x202a, 0x202e, 0x2066, 0x2069, 0x200e, 0x200f, 0x061c, 0xfeff, 0x2028, 0x2029, 0, 9, 10, 13, 0x7f, 0x80, 0x9f])
      expect(checkName(`a${String.fromCodePoint(point)}b`).ok, point.toString(16)).toBe(false);
  });

  it('is measured in bytes', () => {
    expect(checkName('é'.repeat(100)).ok).toBe(true);
    expect(checkName(`${'é'.repeat(100)}a`)).toMatchObject({ ok: false, detail: 'the name takes 201 bytes, at most 200 fit' });
  });
});
