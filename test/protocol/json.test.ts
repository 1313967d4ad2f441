import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalJson, type Json, parseCanonicalJson, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';

const text = fc.string({ unit: 'grapheme' }).filter((one) => one.isWellFormed());
/** A name for which JavaScript has another use is refused: see below. */
const member = text.filter((name) => name !== '__proto__');
const value = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(member, tie('any'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
  ),
})).any;

/** The same value with the members of every object in the opposite order. */
function turnAround(of: Json): Json {
  if (Array.isArray(of)) return of.map(turnAround);
  if (typeof of !== 'object') return of;
  return Object.fromEntries(
    Object.entries(of as Record<string, Json>)
      .reverse()
      .map(([key, member]) => [key, turnAround(member)]),
  );
}

describe('canonical JSON', () => {
  it('is the same for every order of members, and reads back as the same value', () => {
    fc.assert(
      fc.property(value, (one) => {
        const spelt = canonicalJson(one);
        expect(canonicalJson(turnAround(one))).toBe(spelt);
        expect(parseCanonicalJson(spelt)).toEqual({ ok: true, value: JSON.parse(spelt) });
      }),
    );
  });

  it('is the only spelling that a line may have', () => {
    fc.assert(
      fc.property(value, (one) => {
        const spaced = JSON.stringify(one, null, 1);
        fc.pre(spaced !== canonicalJson(one));
        expect(parseJson(spaced).ok).toBe(true);
        expect(parseCanonicalJson(spaced)).toMatchObject({ ok: false, code: 'NOT_CANONICAL' });
      }),
    );
  });

  it('refuses a key that stands twice, wherever and however it is spelt', () => {
    const spellOut = (key: string) => `"${[...key].map((_, i) => `\\u${key.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), value, value, fc.boolean(), fc.nat(5), (key, a, b, isEscaped, depth) => {
        fc.pre([...key].length === key.length && key.isWellFormed() && key !== '__proto__');
        const object = `{"~":{},${JSON.stringify(key)}:${JSON.stringify(a)},${isEscaped ? spellOut(key) : JSON.stringify(key)}:${JSON.stringify(b)}}`;
        expect(parseJson('['.repeat(depth) + object + ']'.repeat(depth))).toMatchObject({ ok: false, detail: 'a key is repeated' });
      }),
    );
  });

  it('refuses a member that a program could lose, wherever it stands, and takes the other names of Object.prototype', () => {
    fc.assert(
      fc.property(value, fc.nat(6), (one, depth) => {
        const around = (key: string) => `${'[{"a":'.repeat(depth)}{"b":1,"${key}":${canonicalJson(one)}}${'}]'.repeat(depth)}`;
        for (const key of ['__proto__', '\\u005f_proto__'])
          expect(parseJson(around(key))).toEqual({ ok: false, code: 'NOT_JSON', detail: 'a member named __proto__' });
        for (const key of Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__')) {
          const read = parseCanonicalJson(canonicalJson(JSON.parse(around(key))));
          expect(read.ok && canonicalJson(read.value)).toBe(canonicalJson(JSON.parse(around(key))));
        }
      }),
      { numRuns: 30 },
    );
    expect(() => canonicalJson(JSON.parse('{"a":{"__proto__":1}}'))).toThrow(TypeError);
  });

  it('gives a judged value back as it was given, so that a hash is over what was read', () => {
    const given = { a: { b: 1, c: [2] } };
    const shape = z.strictObject({ a: z.record(z.string(), z.union([z.int(), z.array(z.int()).readonly()])) });
    const judged = checkShape(shape, given);
    expect(judged.ok && judged.value).toBe(given);
    // zod passes this one and drops the member from its copy.
    const lossy = JSON.parse('{"a":{"b":1,"__proto__":2}}');
    const kept = checkShape(shape, lossy);
    expect(kept.ok && Object.keys(kept.value.a)).toEqual(['b', '__proto__']);
  });

  it('judges a text that is no JSON at all in time and memory that grow with it only', () => {
    for (const piece of ['[', '{"a":', '{"a":[', '"', '\\"', '{"\\', '{{', ',', '{"a"', '-', '[{"a":1},', '\u2028'])
      expect(parseJson(piece.repeat(200_000)), piece).toMatchObject({ ok: false, code: 'NOT_JSON' });
    expect(parseJson('{"\\x":1}')).toMatchObject({ ok: false, detail: 'this is not JSON' });
    const before = process.memoryUsage().heapUsed;
    expect(parseJson('['.repeat(20_000_000))).toMatchObject({ ok: false, detail: 'nested too deeply' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  it('refuses every number that is not an integer in digits', () => {
    for (const spelt of ['1.0', '1e2', '1E2', '1e-1', '-0', '-0.0', '0.99999999999999999999', '9007199254740993', '1e400'])
      for (const around of [spelt, `[${spelt}]`, `{"a":${spelt}}`, `["1.0",${spelt}]`])
        expect(parseJson(around), around).toMatchObject({ ok: false, code: 'NOT_JSON' });
    expect(parseJson('{"1e2":"1.5","a":[10,-10,0]}').ok).toBe(true);
  });

  it('will not spell what the protocol does not allow', () => {
    for (const wrong of [null, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53, '\ud800', { '\udc00': 1 }, [undefined]])
      expect(() => canonicalJson(wrong as Json), String(wrong)).toThrow(TypeError);
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it('reads texts of many megabytes and nesting without end without breaking', () => {
    expect(parseJson(JSON.stringify(['\\"a'.repeat(4_000_000)])).ok).toBe(true);
    expect(parseJson('['.repeat(100_000) + ']'.repeat(100_000))).toMatchObject({ ok: false, detail: 'nested too deeply' });
    expect(parseJson(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`).ok).toBe(false);
  });
});
