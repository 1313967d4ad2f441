import { describe, expect, it } from 'vitest';
import { describeMinimum, readMinimum } from '#lib/signing/minimum.ts';

const A = 'a0'.repeat(32);
const B = 'b1'.repeat(32);
const conditions = {
  sizes: new Map([
    [A, 20],
    [B, 10],
  ]),
  statement: { trigger: { any: [{ group: A, count: 8 }, { count: 12 }] }, together: 3 },
};
const read = (text: string) => readMinimum(text, conditions);

describe('a personal minimum', () => {
  it('asks for nobody while nothing or 1 stands there, and never for more than can sign', () => {
    expect(['', '  ', '1', ' 2', '30'].map(read)).toEqual([undefined, undefined, undefined, 2, 30].map((value) => ({ ok: true, value })));
    expect(read('31')).toMatchObject({ ok: false, detail: 'Only 30 people can sign this statement, so 31 can never be named.' });
    for (const text of ['0', '-3', '2.5', '1e2', 'ten', '99999999']) expect(read(text).ok, text).toBe(false);
  });

  it('is told to change nothing up to what the condition asks of anybody, and what it means above that', () => {
    expect(describeMinimum(8, conditions)).toMatch(/changes nothing/);
    expect(describeMinimum(9, conditions)).toMatch(/only once 9 people, you among them, can be named/);
    expect(describeMinimum(9, { ...conditions, statement: { ...conditions.statement, together: 9 } })).toMatch(/changes nothing/);
  });
});
