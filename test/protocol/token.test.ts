import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentity } from '#lib/protocol/member/credential.ts';
import { clearToken, membershipOf, proveName, tokenOf } from '#lib/protocol/member/token.ts';
import { FIELD_ORDER, toField } from '#lib/protocol/numbers/field.ts';
import { formatPoint, parseCurvePoint, parsePoint } from '#lib/protocol/numbers/point.ts';
import { seeded } from '../circuits/signer.ts';
import { smallOrderPoint } from './make-vectors/odd-points.ts';

const group = '1a'.repeat(32);
const field = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map(toField);
const quick = { numRuns: 30 };

describe('a token', () => {
  it('is a point with x even that the name and the salt lead to, and its eightfold is in the subgroup', () => {
    fc.assert(
      fc.property(field, (secret) => {
        const { point, salt, sign } = tokenOf(membershipOf({ secret }, group), group, 'Jane Doe');
        expect(parseCurvePoint(formatPoint(point))).not.toBeNull();
        expect(point.toAffine().x & 1n).toBe(0n);
        const T = formatPoint(clearToken(point));
        expect(parsePoint(T)).not.toBeNull();
        expect(proveName(T, group, { name: 'Jane Doe', salt, sign })?.equals(point)).toBe(true);
      }),
      quick,
    );
  });

  it('T44: proves one name: no other name, salt, sign or group, and no point that differs by a small-order part', () => {
    fc.assert(
      fc.property(field, field, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (secret, salt, name) => {
        fc.pre(name !== 'Jane Doe');
        const token = tokenOf(membershipOf({ secret }, group), group, 'Jane Doe');
        const T = formatPoint(clearToken(token.point));
        const proof = { name: 'Jane Doe', salt: token.salt, sign: token.sign };
        expect(proveName(T, group, { ...proof, name })).toBeNull();
        expect(proveName(T, group, { ...proof, salt })).toBeNull();
        expect(proveName(T, group, { ...proof, sign: 1 })).toBeNull();
        expect(proveName(T, '2b'.repeat(32), proof)).toBeNull();
        expect(proveName(formatPoint(clearToken(token.point).add(smallOrderPoint())), group, proof)).toBeNull();
      }),
      quick,
    );
  });

  it('T35: of one person has nothing in common in two groups, nor for two people of one name', () => {
    const identity = createIdentity(seeded('token'));
    const [a, b] = [group, '2b'.repeat(32)].map((id) => tokenOf(membershipOf(identity, id), id, 'Jane Doe'));
    const c = tokenOf(membershipOf(createIdentity(seeded('another')), group), group, 'Jane Doe');
    expect(new Set([a, b, c].map((token) => formatPoint(token!.point).join())).size).toBe(3);
    expect(new Set([a, b, c].map((token) => token!.salt)).size).toBe(3);
  });

  it('is not made of what is no name', () => {
    expect(() => tokenOf('00'.repeat(32), group, 'Jane\u202e')).toThrow(RangeError);
  });
});
