import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { headerLineShape } from '#lib/protocol/record/lines.ts';
import { checkStatement } from '#lib/protocol/statement/statement.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const scene = createScene('shape test', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
const { statement } = scene.context;
const headers = scene.groups.map((group) => group.header);
const header = (trigger: unknown) => checkShape(headerLineShape, { type: 'header', version: 2, statement: { ...statement, trigger } });
const many = <T>(length: number, part: T) => Array.from({ length }, () => part);

describe('the shape of a message', () => {
  it('is judged of a value with any number of faults', () => {
    const weights = Object.fromEntries(many(200_000, 1).map((weight, i) => [`x${i}`, weight]));
    expect(header({ weights, total: 1 })).toMatchObject({ ok: false, code: 'BAD_SHAPE' });
    expect(checkShape(z.array(z.int()), many(200_000, 'x'))).toMatchObject({ ok: false, code: 'BAD_SHAPE' });
  });

  it('is refused in a few words, whatever the names of what does not belong there', () => {
    const others = Object.fromEntries(many(50_000, 1).map((value, i) => [`member ${i}`, value]));
    const refused = checkShape(z.strictObject({ a: z.int().optional() }), others);
    expect(refused).toMatchObject({ ok: false, detail: expect.stringMatching(/^message: Unrecognized keys: "member 0".{200,300} …$/) });
  });

  it('is refused in whole characters, however many units of UTF-16 each takes', () => {
    for (const before of ['', 'x']) {
      const refused = checkShape(z.strictObject({}), { [`${before}${'😀'.repeat(500_000)}`]: 1 });
      expect(!refused.ok && refused.detail?.isWellFormed()).toBe(true);
      expect(refused).toMatchObject({ detail: expect.stringMatching(/😀 …$/u) });
    }
  });

  it('is refused in words that no terminal obeys, whatever members are called', () => {
    const names = { '\u001b[8m': 1, 'a\nEverything in this record holds.': 1, '\u202e': 1 };
    const refused = checkShape(z.strictObject({}), names);
    expect(refused).toMatchObject({
      ok: false,
      detail: 'message: Unrecognized keys: "‹U+001B›[8m", "a Everything in this record holds.", "‹U+202E›"',
    });
    const nested = checkShape(z.record(z.string(), z.int()), { '\u009b2J': 'x' });
    expect(nested).toMatchObject({ detail: expect.stringMatching(/^‹U\+009B›2J: /) });
  });

  it('of a trigger is not asked of each part where there are far too many', () => {
    for (const trigger of [{ any: many(300_000, { count: 'x' }) }, { all: many(1_000, { any: many(1_000, {}) }) }]) {
      expect(header(trigger).ok).toBe(true);
      expect(checkStatement({ ...statement, trigger }, headers)).toMatchObject({ ok: false, code: 'BAD_TRIGGER' });
    }
    expect(header({ any: many(1_000, { count: 'x' }) })).toMatchObject({ ok: false, code: 'BAD_SHAPE' });
  });
});
