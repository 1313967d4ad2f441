// SPEC §6: sealing; §7.1: proofs of possession and equality

import { fieldOf } from '#lib/protocol/board/signature.ts';
import { openNumber, openPoint, sealNumber, sealPoint } from '#lib/protocol/key/sealing.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { isEqual, isPossessed, proveEquality, provePossession } from '#lib/protocol/numbers/discrete-log.ts';
import { FIELD_ORDER, formatField, toField } from '#lib/protocol/numbers/field.ts';
import {
  BASE,
  formatPoint,
  multiplySecret,
  type Point,
  type PointText,
  parseCurvePoint,
  parsePoint,
  SCALAR_ORDER,
  type Scalar,
} from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, computed, holds } from './chapter.ts';
import { SMALL_POINTS, smallOrderPoint } from './odd-points.ts';

const random = seeded('sealing');
const secret = randomScalar(random);
const key = multiplySecret(BASE, secret);
const randomness = randomScalar(random);
const shared = formatPoint(multiplySecret(key, randomness));
const token = multiplySecret(BASE, randomScalar(random));
const tokenText = formatPoint(token);
const sealToken = (name: string, point: PointText): Case => ({
  name,
  input: { point, key: formatPoint(key), randomness: String(randomness) },
  expect: 'ok',
});
const sealedToken = formatPoint(sealPoint(token, key, randomness).sealed);
const contextOf = ({ scope, subject }: { scope: string; subject: string }) => ({ scope: fieldOf(scope), subject: fieldOf(subject) });
const sealShare = (name: string, number: string, scope: string, subject: string): Case => ({
  name,
  input: { number, key: formatPoint(key), scope, subject, randomness: String(randomness) },
  expect: 'ok',
});
const ciphertext = formatField(sealNumber(toField(123n), key, { scope: toField(5n), subject: toField(6n) }, randomness).ciphertext);
const point = (text: readonly string[]) => parseCurvePoint(text) as Point;

export const sealing: Chapter = {
  file: 'sealing.json',
  section: '6',
  operations: {
    'seal-point': {
      about: 'output is the ephemeral and the sealed point of input.point for input.key with the randomness u',
      replay: (input) => {
        const made = sealPoint(point(input.point), point(input.key), BigInt(input.randomness) as Scalar);
        return computed({ ephemeral: formatPoint(made.ephemeral), sealed: formatPoint(made.sealed) });
      },
      cases: [
        sealToken('a token', tokenText),
        sealToken('the same point doubled', formatPoint(token.double())),
        sealToken('the identity, as re-randomising does', ['0', '1']),
      ],
    },
    'open-point': {
      about: 'output is the point in input.sealed, given the shared point u·key',
      replay: (input) => computed(formatPoint(openPoint(point(input.sealed), point(input.shared)))),
      cases: [
        { name: 'the right shared point', input: { sealed: sealedToken, shared }, expect: 'ok' },
        { name: 'another shared point gives another point', input: { sealed: sealedToken, shared: tokenText }, expect: 'ok' },
      ],
    },
    'seal-number': {
      about: 'output is the ephemeral and ciphertext of input.number for input.key with the context (scope, subject) and the randomness u',
      replay: (input) => {
        const made = sealNumber(fieldOf(input.number), point(input.key), contextOf(input), BigInt(input.randomness) as Scalar);
        return computed({ ephemeral: formatPoint(made.ephemeral), ciphertext: formatField(made.ciphertext) });
      },
      cases: [
        sealShare('a share', '123', '5', '6'),
        sealShare('the same under another statement', '123', '7', '6'),
        sealShare('the same for another recipient', '123', '5', '7'),
        sealShare('the largest number', String(FIELD_ORDER - 1n), '5', '6'),
      ],
    },
    'open-number': {
      about: 'output is what is sealed in input.ciphertext, given the shared point (X, Y)',
      replay: (input) => computed(formatField(openNumber(fieldOf(input.ciphertext), point(input.shared), contextOf(input)))),
      cases: [
        { name: 'the right context', input: { ciphertext, shared, scope: '5', subject: '6' }, expect: 'ok' },
        { name: 'T6: another scope gives something else', input: { ciphertext, shared, scope: '7', subject: '6' }, expect: 'ok' },
        { name: 'T6: another subject gives something else', input: { ciphertext, shared, scope: '5', subject: '7' }, expect: 'ok' },
      ],
    },
  },
};

const binding = { statement: '00'.repeat(32), trustee: 1, purpose: 'sealing' };
const possession = provePossession(secret, binding, random);
const keyText = [...formatPoint(key)];
const possess = (name: string, expect: string, change: object, proof: object = possession): Case => ({
  name,
  input: { key: keyText, proof, binding, ...change } as Json,
  expect,
});
const base = multiplySecret(BASE, randomScalar(random));
const claim = { key, base, image: multiplySecret(base, secret) };
const equality = proveEquality('complaint-proof', secret, claim, binding, random);
const equal = (name: string, expect: string, change: object, proof: object = equality): Case => ({
  name,
  input: {
    tag: 'complaint-proof',
    claim: { key: keyText, base: formatPoint(base), image: formatPoint(claim.image) },
    binding,
    proof,
    ...change,
  } as unknown as Json,
  expect,
});
const [first, second] = equality.commitments;
const withSmallPart = (text: readonly string[]) => formatPoint((parsePoint(text) as Point).add(smallOrderPoint()));
const next = (text: string) => String((BigInt(text) + 1n) % SCALAR_ORDER);

export const proofs: Chapter = {
  file: 'discrete-log.json',
  section: '7.1',
  operations: {
    possession: {
      about: 'whether input.proof shows knowledge of the discrete logarithm of input.key under input.binding',
      replay: ({ key, proof, binding }) => holds(isPossessed(parsePoint(key) as Point, proof, binding)),
      cases: [
        possess('an honest proof', 'ok', {}),
        possess('another binding', 'refused', { binding: { ...binding, trustee: 2 } }),
        possess('another key', 'refused', { key: formatPoint(base) }),
        possess('another response', 'refused', {}, { ...possession, response: next(possession.response) }),
        possess('the response plus l', 'refused', {}, { ...possession, response: String(BigInt(possession.response) + SCALAR_ORDER) }),
        possess('another commitment', 'refused', {}, { ...possession, commitment: formatPoint(base) }),
        possess('a commitment with a small-order part', 'refused', {}, { ...possession, commitment: withSmallPart(possession.commitment) }),
        possess('a commitment that is the identity', 'refused', {}, { ...possession, commitment: ['0', '1'] }),
        possess('a commitment of small order', 'refused', {}, { ...possession, commitment: SMALL_POINTS['of order 2'] }),
      ],
    },
    equality: {
      about:
        'whether input.proof shows that one secret links B to claim.key and claim.base to claim.image under input.tag and input.binding',
      replay: ({ tag, claim, binding, proof }) => {
        const point = (text: string[]) => parseCurvePoint(text) as Point;
        return holds(isEqual(tag, { key: point(claim.key), base: point(claim.base), image: point(claim.image) }, proof, binding));
      },
      cases: [
        equal('an honest proof', 'ok', {}),
        equal('another tag', 'refused', { tag: 'opening-challenge' }),
        equal('another binding', 'refused', { binding: { ...binding, trustee: 2 } }),
        equal('another image', 'refused', { claim: { key: keyText, base: formatPoint(base), image: formatPoint(base) } }),
        equal('an image with a small-order part', 'refused', {
          claim: { key: keyText, base: formatPoint(base), image: formatPoint(claim.image.add(smallOrderPoint())) },
        }),
        equal('T11: another key', 'refused', {
          claim: { key: formatPoint(base), base: formatPoint(base), image: formatPoint(claim.image) },
        }),
        equal('the commitments exchanged', 'refused', {}, { ...equality, commitments: [second, first] }),
        equal('a commitment with a small-order part', 'refused', {}, { ...equality, commitments: [first, withSmallPart(second)] }),
        equal('another response', 'refused', {}, { ...equality, response: next(equality.response) }),
        equal('the response plus l', 'refused', {}, { ...equality, response: String(BigInt(equality.response) + SCALAR_ORDER) }),
      ],
    },
  },
};
