import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addField,
  FIELD_ORDER,
  fieldFromBytes,
  fieldToBytes,
  formatField,
  parseDecimal,
  parseField,
  subtractField,
  toField,
} from '#lib/protocol/numbers/field.ts';
import { SCALAR_ORDER } from '#lib/protocol/numbers/point.ts';
import { randomField, randomScalar, randomScalars } from '#lib/protocol/numbers/random.ts';
import { seeded } from '../circuits/signer.ts';

const field = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map(toField);

describe('a field element', () => {
  it('T7: has one text: whatever else denotes the same number is refused', () => {
    fc.assert(
      fc.property(field, (value) => {
        const text = formatField(value);
        expect(parseField(text)).toBe(value);
        const aliases = [`0${text}`, `00${text}`, `+${text}`, ` ${text}`, `${text} `, `${text}\n`, `0x${value.toString(16)}`, `${text}n`];
        aliases.push(`${text}.0`, `${text}e0`, `0b${value.toString(2)}`, `0o${value.toString(8)}`, String(value + FIELD_ORDER));
        aliases.push(
          text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
          `-${value === 0n ? 0 : FIELD_ORDER - value}`,
        );
        for (const alias of aliases) expect(parseField(alias), alias).toBeNull();
      }),
    );
  });

  it('is read from any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => parseField(text) === null || formatField(toField(BigInt(text))) === text),
    );
  });

  it('is below the limit that the reader gives', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 255n }), fc.bigInt({ min: 0n, max: 2n ** 255n }), (limit, value) => {
        expect(parseDecimal(String(value), limit)).toBe(value < limit ? value : null);
      }),
    );
  });

  it('goes through 32 bytes and back, and bytes of r or more are refused', () => {
    fc.assert(fc.property(field, (value) => fieldFromBytes(fieldToBytes(value)) === value));
    const order = Uint8Array.from(Buffer.from(FIELD_ORDER.toString(16).padStart(64, '0'), 'hex'));
    expect(fieldFromBytes(order)).toBeNull();
    expect(fieldFromBytes(new Uint8Array(32).fill(255))).toBeNull();
    expect(fieldFromBytes(new Uint8Array(31))).toBeNull();
    expect(fieldFromBytes(new Uint8Array(33))).toBeNull();
  });

  it('is never made by a silent reduction', () => {
    expect(() => toField(FIELD_ORDER)).toThrow(RangeError);
    expect(() => toField(-1n)).toThrow(RangeError);
  });

  it('is taken away again by what was added', () => {
    fc.assert(fc.property(field, field, (a, b) => subtractField(addField(a, b), b) === a));
  });
});

describe('randomness', () => {
  it('is reduced from 48 bytes, and never gives a zero scalar', () => {
    expect(randomField(() => new Uint8Array(48).fill(255))).toBe(((2n ** 384n - 1n) % FIELD_ORDER) as never);
    const order = Uint8Array.from(Buffer.from(SCALAR_ORDER.toString(16).padStart(96, '0'), 'hex'));
    const draws = [order, new Uint8Array(48), new Uint8Array(48).fill(1)];
    expect(randomScalar(() => draws.shift() as Uint8Array)).not.toBe(0n);
    expect(draws).toEqual([]);
  });

  it('gives the same numbers in the same order where many are drawn ahead, with few calls', () => {
    for (const count of [0, 1, 2, 682, 683, 1_500]) {
      const [one, other] = [seeded('ahead'), seeded('ahead')];
      const lengths: number[] = [];
      const counted = (length: number) => {
        lengths.push(length);
        return other(length);
      };
      expect(randomScalars(count, counted)).toEqual(Array.from({ length: count }, () => randomScalar(one)));
      expect(other(4)).toEqual(one(4));
      expect(lengths.length).toBeLessThan(4);
      for (const length of lengths) expect(length).toBeLessThanOrEqual(2 ** 15);
    }
    const zeroFirst = seeded('zero');
    const pieces = [new Uint8Array(2 * 48), zeroFirst(48), zeroFirst(48)];
    const from = seeded('zero');
    expect(randomScalars(2, () => pieces.shift() as Uint8Array)).toEqual([randomScalar(from), randomScalar(from)]);
  });

  it('must come in the length asked for', () => {
    expect(() => randomScalars(2, () => new Uint8Array(95))).toThrow(TypeError);
    expect(() => randomField(() => new Uint8Array(47))).toThrow(TypeError);
    expect(randomField(seeded('a'))).toBe(randomField(seeded('a')));
    expect(randomField(seeded('a'))).not.toBe(randomField(seeded('b')));
  });
});
