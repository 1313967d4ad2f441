import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import {
  BASE,
  formatPoint,
  IDENTITY,
  INVERSE_OF_EIGHT,
  multiplyPublic,
  multiplySecret,
  type Point,
  parseCurvePoint,
  parsePoint,
  parseScalar,
  SCALAR_ORDER,
  sumOfProducts,
  toScalar,
} from '#lib/protocol/numbers/point.ts';
import { MIXED_POINT, SMALL_POINTS, smallOrderPoint } from './make-vectors/odd-points.ts';

const scalar = fc.bigInt({ min: 1n, max: SCALAR_ORDER - 1n }).map(toScalar);
const quick = { numRuns: 20 };

describe('points of Baby Jubjub', () => {
  it('add and multiply as EIP-2494 says', () => {
    // The test cases of the EIP.
    const p1 = [
      '17777552123799933955779906779655732241715742912184938656739573121738514868268',
      '2626589144620713026669568689430873010625803728049924121243784502389097019475',
    ];
    const p2 = [
      '16540640123574156134436876038791482806971768689494387082833631921987005038935',
      '20819045374670962167435360035096875258406992893633759881276124905556507972311',
    ];
    const [a, b] = [parseCurvePoint(p1) as Point, parseCurvePoint(p2) as Point];
    expect(formatPoint(a.add(b))).toEqual([
      '7916061937171219682591368294088513039687205273691143098332585753343424131937',
      '14035240266687799601661095864649209771790948434046947201833777492504781204499',
    ]);
    expect(formatPoint(a.double())).toEqual([
      '6890855772600357754907169075114257697580319025794532037257385534741338397365',
      '4338620300185947561074059802482547481416142213883829469920100239455078257889',
    ]);
    expect(formatPoint(a.add(a).add(a))).toEqual([
      '19372461775513343691590086534037741906533799473648040012278229434133483800898',
      '9458658722007214007257525444427903161243386465067105737478306991484593958249',
    ]);
  });

  it('T11: are refused where they are off the curve, of small order, mixed, or the identity', () => {
    for (const [name, point] of Object.entries(SMALL_POINTS)) expect(parsePoint(point), name).toBeNull();
    expect(parsePoint(MIXED_POINT)).toBeNull();
    expect(parsePoint(['0', '1'])).toBeNull();
    expect(parsePoint(formatPoint(BASE))?.equals(BASE)).toBe(true);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), (x, y) => {
        const isOnCurve = (168700n * x * x + y * y - 1n - 168696n * x * x * y * y) % FIELD_ORDER === 0n;
        expect(parseCurvePoint([String(x), String(y)]) !== null).toBe(isOnCurve);
      }),
    );
  });

  it('T11: stay refused with any small-order part added to a good one', () => {
    fc.assert(
      fc.property(scalar, fc.integer({ min: 1, max: 7 }), (x, times) => {
        const good = multiplyPublic(BASE, x);
        let small = IDENTITY;
        for (let i = 0; i < times; i++) small = small.add(smallOrderPoint());
        expect(parsePoint(formatPoint(good))).not.toBeNull();
        expect(parsePoint(formatPoint(good.add(small)))).toBeNull();
        expect(parseCurvePoint(formatPoint(good.add(small)))).not.toBeNull();
      }),
      quick,
    );
  });

  it('have one text', () => {
    const [x, y] = formatPoint(BASE);
    for (const alias of [[`0${x}`, y], [x, ` ${y}`], [String(BigInt(x) + FIELD_ORDER), y], [x], [x, y, '1'], []])
      expect([parsePoint(alias), parseCurvePoint(alias)]).toEqual([null, null]);
  });

  it('are multiplied alike by secret and public scalars, zero included', () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        const point = multiplyPublic(BASE, a);
        expect(multiplySecret(point, b).equals(multiplyPublic(point, b))).toBe(true);
        expect(multiplySecret(point, b).equals(multiplySecret(BASE, toScalar(a * b)))).toBe(true);
      }),
      quick,
    );
    for (const multiply of [multiplySecret, multiplyPublic]) {
      expect(multiply(BASE, toScalar(0n)).is0()).toBe(true);
      expect(multiply(IDENTITY, toScalar(5n)).is0()).toBe(true);
    }
  });

  it('are summed up in one go as one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(scalar, scalar), { maxLength: 6 }), (pairs) => {
        const points = pairs.map(([a]) => multiplyPublic(BASE, a));
        const scalars = pairs.map(([, b]) => b);
        const expected = points.reduce((sum, point, i) => sum.add(multiplyPublic(point, scalars[i] as never)), IDENTITY);
        expect(sumOfProducts(points, scalars).equals(expected)).toBe(true);
      }),
      quick,
    );
    // Many points and scalars of every length: the sum is taken in windows of several bits then.
    const scalars = Array.from({ length: 150 }, (_, i) => toScalar(i % 7 === 0 ? 0n : (1n << BigInt(i)) + BigInt(i)));
    const points = scalars.map((_, i) => multiplyPublic(BASE, toScalar(BigInt(i * i + 1))));
    const total = scalars.reduce((sum, scalar, i) => sum + scalar * BigInt(i * i + 1), 0n);
    expect(sumOfProducts(points, scalars).equals(multiplyPublic(BASE, toScalar(total)))).toBe(true);
    const shifted = points.map((point, i) => (i % 2 ? point.add(smallOrderPoint()) : point));
    const eightfold = (point: Point) => point.double().double().double();
    expect(eightfold(sumOfProducts(shifted, scalars)).equals(eightfold(sumOfProducts(points, scalars)))).toBe(true);
    expect(sumOfProducts([], []).is0()).toBe(true);
    expect(sumOfProducts([BASE, BASE], [toScalar(0n), toScalar(0n)]).is0()).toBe(true);
    expect(() => sumOfProducts([BASE], [])).toThrow(RangeError);
  });

  it('lose every small-order part when multiplied by eight, and 8⁻¹ undoes that', () => {
    const point = multiplyPublic(BASE, toScalar(77n));
    const eight = toScalar(8n);
    expect(multiplyPublic(multiplyPublic(point, INVERSE_OF_EIGHT), eight).equals(point)).toBe(true);
    expect(multiplyPublic(point.add(smallOrderPoint()), eight).equals(multiplyPublic(point, eight))).toBe(true);
  });

  it('know scalars below l only', () => {
    expect(parseScalar(String(SCALAR_ORDER - 1n))).toBe(SCALAR_ORDER - 1n);
    expect([String(SCALAR_ORDER), '-1', '01', ''].map(parseScalar)).toEqual([null, null, null, null]);
    expect(toScalar(-1n)).toBe(SCALAR_ORDER - 1n);
  });
});
