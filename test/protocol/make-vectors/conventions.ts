// SPEC §1: JSON, numbers, points, hashes, Poseidon
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { BASE_FIELD_ORDER, fieldOf } from '#lib/protocol/board/signature.ts';
import { hashHex, hashToField, TAGS, taggedBytes } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, type Json, parseCanonicalJson, parseJson } from '#lib/protocol/messages/json.ts';
import { FIELD_ORDER, fieldFromBytes, parseDecimal } from '#lib/protocol/numbers/field.ts';
import {
  BASE,
  formatPoint,
  hashToScalar,
  multiplyPublic,
  type Point,
  parseCurvePoint,
  parsePoint,
  parseScalar,
  SCALAR_ORDER,
  type Scalar,
} from '#lib/protocol/numbers/point.ts';
import { hash2, hash3, hash4 } from '#lib/protocol/numbers/poseidon.ts';
import { type Chapter, computed, holds, judged, read } from './chapter.ts';
import { MIXED_POINT, SMALL_POINTS } from './odd-points.ts';

const text = (name: string, expect: string, value: string) => ({ name, input: { text: value }, expect });

export const json: Chapter = {
  file: 'json.json',
  section: '1.2',
  operations: {
    'read-json': {
      about: 'input.text is read as JSON from others; output is its canonical form C(v)',
      replay: ({ text }) => judged(parseJson(text), canonicalJson),
      cases: [
        text('members in any order, with white space', 'ok', '{ "b" : 1,\n "a":[true, -5, ""] }'),
        text('keys sorted by UTF-16 units, not by code points', 'ok', '{"\u{1F600}":1,"\uFB33":2,"\u20AC":3,"1":4,"\\r":5}'),
        text('escapes are undone, controls escaped', 'ok', '"\\u20ac\\u000F\\n\\u0042\\"\\/\\\\"'),
        text('line separators stand as they are', 'ok', '"\u2028\u2029"'),
        text('the largest integer', 'ok', '9007199254740991'),
        text('the same key in another branch', 'ok', '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}'),
        text('a key that looks like structure', 'ok', '{"a\\",\\"a":1,"a":2}'),
        text('32 levels', 'ok', `${'['.repeat(32)}1${']'.repeat(32)}`),
        text('32 levels, the last one empty', 'ok', `${'['.repeat(32)}${']'.repeat(32)}`),
        text('33 levels, the last one empty', 'NOT_JSON', `${'['.repeat(32)}{}${']'.repeat(32)}`),
        text('a level that only looks like one', 'ok', `${'['.repeat(32)}"[[{"${']'.repeat(32)}`),
        text('33 levels', 'NOT_JSON', `${'['.repeat(33)}1${']'.repeat(33)}`),
        text('a key twice', 'NOT_JSON', '{"a":1,"a":1}'),
        text('a key twice in two spellings', 'NOT_JSON', '{"a":1,"\\u0061":1}'),
        text('a key twice, deep', 'NOT_JSON', '[{"x":[{"a":1,"b":{},"a":2}]}]'),
        text('a member that programs lose', 'NOT_JSON', '{"__proto__":1}'),
        text('a member that programs lose, spelt otherwise and deep', 'NOT_JSON', '{"a":[{"b":1,"\\u005f_proto__":{}}]}'),
        text(
          'the same word as a text, and members that programs have inherited',
          'ok',
          '{"constructor":"__proto__","toString":{"valueOf":1}}',
        ),
        text('null', 'NOT_JSON', '[null]'),
        text('a fraction', 'NOT_JSON', '1.5'),
        text('a fraction that is an integer', 'NOT_JSON', '1.0'),
        text('a fraction that rounds to an integer', 'NOT_JSON', '0.99999999999999999999'),
        text('an exponent', 'NOT_JSON', '1e2'),
        text('negative zero', 'NOT_JSON', '-0'),
        text('negative zero, deep', 'NOT_JSON', '{"a":[{"b":-0}]}'),
        text('an exponent, deep', 'NOT_JSON', '{"a":{"b":[1,2E1]}}'),
        text('an integer above 2^53 - 1', 'NOT_JSON', '9007199254740992'),
        text('an integer below -(2^53 - 1)', 'NOT_JSON', '-9007199254740992'),
        text('a leading zero', 'NOT_JSON', '007'),
        text('a lone surrogate', 'NOT_JSON', '"\\ud800"'),
        text('a lone surrogate in a key', 'NOT_JSON', '{"\\udc00":1}'),
        text('a byte order mark', 'NOT_JSON', '\uFEFF1'),
        text('two values', 'NOT_JSON', '1 2'),
        text('nothing', 'NOT_JSON', ''),
      ],
    },
    'read-line': {
      about: 'input.text is read as a line of a record, which must be canonical',
      replay: ({ text }) => judged(parseCanonicalJson(text)),
      cases: [
        text('a canonical line', 'ok', '{"a":1,"b":["€"]}'),
        text('white space', 'NOT_CANONICAL', '{"a": 1}'),
        text('white space behind', 'NOT_CANONICAL', '{"a":1} '),
        text('a carriage return', 'NOT_CANONICAL', '{"a":1}\r'),
        text('keys out of order', 'NOT_CANONICAL', '{"b":1,"a":1}'),
        text('an escape that is not needed', 'NOT_CANONICAL', '"\\u0061"'),
        text('an upper-case escape', 'NOT_CANONICAL', '"\\u000F"'),
        text('not JSON', 'NOT_JSON', '{"a":1'),
      ],
    },
  },
};

const LIMITS: Record<string, bigint> = { field: FIELD_ORDER, scalar: SCALAR_ORDER, coordinate: BASE_FIELD_ORDER };
const number = (name: string, expect: string, value: string, kind = 'field') => ({ name, input: { kind, text: value }, expect });

export const numbers: Chapter = {
  file: 'numbers.json',
  section: '1.3',
  operations: {
    'read-number': {
      about: 'input.text is read as a number of input.kind; output is the same number in hexadecimal without leading zeros',
      replay: ({ kind, text }) => read(parseDecimal(text, LIMITS[kind] as bigint), (value) => value.toString(16)),
      cases: [
        number('zero', 'ok', '0'),
        number('seven', 'ok', '7'),
        ...Object.entries(LIMITS).flatMap(([kind, limit]) => [
          number(`the largest ${kind}`, 'ok', String(limit - 1n), kind),
          number(`one above the largest ${kind}`, 'refused', String(limit), kind),
          number(`seven as another ${kind} of the same class`, 'refused', String(limit + 7n), kind),
        ]),
        ...['007', '0x7', '7 ', ' 7', '+7', '-7', '7n', '7.0', '7e0', '', '00', '７', '7\n', '0b111'].map((alias) =>
          number(`spelt ${JSON.stringify(alias)}`, 'refused', alias),
        ),
        number('78 digits', 'refused', '9'.repeat(78)),
        number('80 digits', 'refused', `1${'0'.repeat(79)}`),
      ],
    },
    'field-bytes': {
      about: 'input.hex is 32 bytes, big-endian; output is the field element in decimal',
      replay: ({ hex }) => read(fieldFromBytes(hexToBytes(hex)), String),
      cases: [
        { name: 'seven', input: { hex: '7'.padStart(64, '0') }, expect: 'ok' },
        { name: 'r - 1', input: { hex: (FIELD_ORDER - 1n).toString(16).padStart(64, '0') }, expect: 'ok' },
        { name: 'r', input: { hex: FIELD_ORDER.toString(16).padStart(64, '0') }, expect: 'refused' },
        { name: '31 bytes', input: { hex: '07'.repeat(31) }, expect: 'refused' },
        { name: '33 bytes', input: { hex: `${'00'.repeat(32)}07` }, expect: 'refused' },
      ],
    },
  },
};

const point = (name: string, expect: string, value: readonly string[]) => ({ name, input: { point: [...value] }, expect });
const [X, Y] = formatPoint(BASE) as [string, string];
const odd = [
  ...Object.entries(SMALL_POINTS).map(([name, value]) => [name, value] as const),
  ['B plus a point of order 8', MIXED_POINT] as const,
];

export const points: Chapter = {
  file: 'points.json',
  section: '1.4',
  operations: {
    'valid-point': {
      about: 'whether input.point may stand in a message: on the curve, of the prime subgroup, not the identity',
      replay: ({ point }) => holds(parsePoint(point) !== null),
      cases: [
        point('B', 'ok', [X, Y]),
        point('-B', 'ok', [String(FIELD_ORDER - BigInt(X)), Y]),
        ...odd.map(([name, value]) => point(name, 'refused', value)),
        point('the identity', 'refused', ['0', '1']),
        point('off the curve', 'refused', [X, String(BigInt(Y) + 1n)]),
        point('off the curve, on its axis', 'refused', ['0', '2']),
        point('x not canonical', 'refused', [`0${X}`, Y]),
        point('x plus r', 'refused', [String(BigInt(X) + FIELD_ORDER), Y]),
        point('one coordinate', 'refused', [X]),
        point('three coordinates', 'refused', [X, Y, '1']),
      ],
    },
    'curve-point': {
      about: 'whether input.point is on the curve: what an ephemeral and a partial opening must be',
      replay: ({ point }) => holds(parseCurvePoint(point) !== null),
      cases: [
        point('B', 'ok', [X, Y]),
        point('the identity', 'ok', ['0', '1']),
        ...odd.map(([name, value]) => point(name, 'ok', value)),
        point('off the curve', 'refused', [X, String(BigInt(Y) + 1n)]),
        point('(0, 0)', 'refused', ['0', '0']),
      ],
    },
    multiply: {
      about: 'output is input.scalar times input.point',
      replay: ({ point, scalar }) => computed(formatPoint(multiplyPublic(parseCurvePoint(point) as Point, parseScalar(scalar) as Scalar))),
      cases: [
        ...['0', '1', '2', '8', '123456789', String(SCALAR_ORDER - 1n)].map((scalar) => ({
          name: `${scalar} · B`,
          input: { point: [X, Y], scalar },
          expect: 'ok',
        })),
        ...odd.map(([name, value]) => ({ name: `8 · (${name})`, input: { point: value, scalar: '8' }, expect: 'ok' })),
      ],
    },
    add: {
      about: 'output is input.a plus input.b',
      replay: ({ a, b }) => computed(formatPoint((parseCurvePoint(a) as Point).add(parseCurvePoint(b) as Point))),
      cases: [
        { name: 'B + B', input: { a: [X, Y], b: [X, Y] }, expect: 'ok' },
        { name: 'B + (-B)', input: { a: [X, Y], b: [String(FIELD_ORDER - BigInt(X)), Y] }, expect: 'ok' },
        { name: 'B + the point of order 2', input: { a: [X, Y], b: SMALL_POINTS['of order 2'] as string[] }, expect: 'ok' },
      ],
    },
  },
};

const values: [string, Json][] = [
  ['a text', 'no credential'],
  ['an object in any order', { b: [1, true], a: '€' }],
];

export const hashes: Chapter = {
  file: 'hashes.json',
  section: '1.5',
  operations: {
    'tagged-hash': {
      about: 'bytes(T, v) in hex for input.tag and input.value; H in hex, F in decimal, S in decimal',
      replay: ({ tag, value }) =>
        computed({
          bytes: bytesToHex(taggedBytes(tag, value)),
          H: hashHex(tag, value),
          F: hashToField(tag, value).toString(),
          S: hashToScalar(tag, value).toString(),
        }),
      cases: [
        ...values.map(([name, value]) => ({ name: `padding, ${name}`, input: { tag: 'padding', value }, expect: 'ok' })),
        ...TAGS.map((tag) => ({ name: `${tag}, one`, input: { tag, value: 1 }, expect: 'ok' })),
      ],
    },
  },
};

const fields = (...inputs: (bigint | number)[]) => ({ inputs: inputs.map(String) });
const parse = (inputs: string[]) => inputs.map(fieldOf) as never[];

export const poseidon: Chapter = {
  file: 'poseidon.json',
  section: '1.6',
  operations: {
    P2: {
      about: 'output is P2 of input.inputs',
      replay: ({ inputs }) => computed(hash2(...(parse(inputs) as unknown as [never, never])).toString()),
      cases: [
        { name: 'one and two', input: fields(1, 2), expect: 'ok' },
        { name: 'zeros', input: fields(0, 0), expect: 'ok' },
        { name: 'the largest', input: fields(FIELD_ORDER - 1n, FIELD_ORDER - 1n), expect: 'ok' },
      ],
    },
    P3: {
      about: 'output is P3 of input.inputs',
      replay: ({ inputs }) => computed(hash3(parse(inputs) as never).toString()),
      cases: [
        { name: 'one to three', input: fields(1, 2, 3), expect: 'ok' },
        { name: 'zeros', input: fields(0, 0, 0), expect: 'ok' },
        { name: 'the largest', input: fields(FIELD_ORDER - 1n, FIELD_ORDER - 1n, FIELD_ORDER - 1n), expect: 'ok' },
      ],
    },
    P4: {
      about: 'output is P4 of input.inputs',
      replay: ({ inputs }) => computed(hash4(parse(inputs) as never).toString()),
      cases: [
        { name: 'one to four', input: fields(1, 2, 3, 4), expect: 'ok' },
        { name: 'zeros', input: fields(0, 0, 0, 0), expect: 'ok' },
      ],
    },
  },
};
