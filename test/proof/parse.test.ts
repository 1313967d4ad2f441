import { beforeAll, describe, expect, it } from 'vitest';
import { parseProof, proofFromLibrary, proofToLibrary } from '#lib/proof/proof.ts';
import { hashVerificationKey, parseVerificationKey, type VerificationKey } from '#lib/proof/verification-key.ts';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { loadCurrentKey } from './current-key.ts';
import { pointOutsideSubgroup } from './proof-forms.ts';

const G1 = ['1', '2'];
const G2 = [
  [
    '10857046999023057135944570762232829481370756359578518086990519993285655852781',
    '11559732032986387107991004021392285783925812861821192530917403151452391805634',
  ],
  [
    '8495653923123431417604973247489272438418190587263600148770280649306958101930',
    '4082367875863433681332203403145435568316851327593401208105741076214120093531',
  ],
];
const proof = { a: G1, b: G2, c: G1 };

describe('a proof from outside', () => {
  it('is read when it is canonical, and written back the same', () => {
    const parsed = parseProof(proof);
    expect(parsed).toEqual({ ok: true, value: proof });
    if (parsed.ok) expect(proofFromLibrary(proofToLibrary(parsed.value))).toEqual(proof);
  });

  it.each([null, undefined, 7, 'proof', [], {}, { a: G1, b: G2 }, { ...proof, d: G1 }, { ...proof, a: { 0: '1', 1: '2', length: 2 } }])(
    'is refused with another shape: %j',
    (input) => expect(parseProof(input)).toMatchObject({ ok: false, code: 'PROOF_MALFORMED' }),
  );

  it.each([
    { ...proof, a: [] },
    { ...proof, a: ['1', '2', '1'] },
    { ...proof, c: ['1'] },
    { ...proof, b: [G2[0]] },
    { ...proof, b: [...G2, ['1', '0']] },
    { ...proof, b: [G2[0], ['1']] },
    { ...proof, b: [['1', '2', '3'], G2[1]] },
  ])('is refused with wrong array lengths', (input) => expect(parseProof(input)).toMatchObject({ code: 'PROOF_MALFORMED' }));

  const spellings = ['01', '0x1', '+1', ' 1', '1 ', '', '-1', '1.0', '1e0', '１', (BASE_FIELD_ORDER + 1n).toString(), 1, 1n, null, ['1']];
  it.each(spellings)('is refused with a coordinate spelt %s', (x) => {
    expect(parseProof({ ...proof, a: [x, '2'] })).toMatchObject({ code: 'PROOF_NUMBER' });
    expect(parseProof({ ...proof, c: ['1', x] })).toMatchObject({ code: 'PROOF_NUMBER' });
    expect(parseProof({ ...proof, b: [[x, G2[0]![1]], G2[1]] })).toMatchObject({ code: 'PROOF_NUMBER' });
    expect(parseProof({ ...proof, b: [G2[0], [G2[1]![0], x]] })).toMatchObject({ code: 'PROOF_NUMBER' });
  });

  it('is refused with a point off its curve', () => {
    expect(parseProof({ ...proof, a: ['1', '3'] })).toMatchObject({ code: 'PROOF_NOT_ON_CURVE' });
    expect(parseProof({ ...proof, c: ['2', '2'] })).toMatchObject({ code: 'PROOF_NOT_ON_CURVE' });
    expect(parseProof({ ...proof, b: [G2[1], G2[0]] })).toMatchObject({ code: 'PROOF_NOT_ON_CURVE' });
    expect(parseProof({ ...proof, b: G2.map(([c0, c1]) => [c1, c0]) })).toMatchObject({ code: 'PROOF_NOT_ON_CURVE' });
  });

  it('cannot spell the point at infinity', () => {
    for (const infinity of [
      ['0', '0'],
      ['0', '1'],
    ])
      expect(parseProof({ ...proof, a: infinity })).toMatchObject({ code: 'PROOF_NOT_ON_CURVE' });
    expect(
      parseProof({
        ...proof,
        b: [
          ['0', '0'],
          ['0', '0'],
        ],
      }),
    ).toMatchObject({ code: 'PROOF_NOT_ON_CURVE' });
    const projective = { ...proofToLibrary(proof as never), pi_a: ['0', '1', '0'] };
    expect(() => proofFromLibrary(projective)).toThrow(TypeError);
  });
});

describe('a verification key from outside', () => {
  let key: VerificationKey;
  let hash: string;
  beforeAll(async () => {
    ({ key, hash } = await loadCurrentKey());
  });
  const code = (input: unknown) => {
    const parsed = parseVerificationKey(input);
    return parsed.ok ? null : parsed.code;
  };

  it('has one name, whatever the order of its members', () => {
    expect(code(key)).toBeNull();
    expect(hashVerificationKey(key)).toBe(hash);
    const turned = Object.fromEntries(Object.entries(key).reverse()) as unknown as VerificationKey;
    expect(hashVerificationKey(turned)).toBe(hash);
    expect(hashVerificationKey({ ...key, vk_delta_2: key.vk_gamma_2 })).not.toBe(hash);
  });

  it('is refused when nobody contributed to it: delta equals gamma (T37)', () => {
    expect(code({ ...key, vk_delta_2: key.vk_gamma_2 })).toBe('KEY_WITHOUT_CONTRIBUTION');
  });

  it('is refused for another number of signals', () => {
    expect(code({ ...key, nPublic: 12 })).toBe('KEY_SIGNALS');
    expect(code({ ...key, IC: key.IC.slice(1) })).toBe('KEY_SIGNALS');
    expect(code({ ...key, nPublic: 12, IC: key.IC.slice(1) })).toBe('KEY_SIGNALS');
    expect(code({ ...key, IC: [...key.IC, key.IC[0]] })).toBe('KEY_SIGNALS');
  });

  it('is refused with points off their curves or spelt otherwise', () => {
    expect(code({ ...key, vk_alpha_1: ['1', '3', '1'] })).toBe('KEY_NOT_ON_CURVE');
    expect(code({ ...key, vk_alpha_1: ['0', '1', '0'] })).toBe('KEY_MALFORMED');
    expect(code({ ...key, vk_alpha_1: ['01', '2', '1'] })).toBe('KEY_MALFORMED');
    expect(
      code({
        ...key,
        vk_beta_2: [
          ['1', '2'],
          ['3', '4'],
          ['1', '0'],
        ],
      }),
    ).toBe('KEY_NOT_ON_CURVE');
    expect(code({ ...key, vk_beta_2: [...key.vk_beta_2.slice(0, 2), ['0', '0']] })).toBe('KEY_MALFORMED');
    expect(code({ ...key, IC: [['1', '3', '1'], ...key.IC.slice(1)] })).toBe('KEY_NOT_ON_CURVE');
  });

  it('is refused with another shape', () => {
    for (const input of [
      null,
      [],
      'key',
      {},
      { ...key, extra: 1 },
      { ...key, protocol: 'plonk' },
      { ...key, curve: 'bls12381' },
      { ...key, IC: 'x' },
    ]) {
      expect(code(input)).toBe('KEY_MALFORMED');
    }
  });

  it('passes the reading with a point outside the subgroup, which verification then refuses', () => {
    const { x, y } = pointOutsideSubgroup().toAffine();
    const point = [[x.c0, x.c1].map(String), [y.c0, y.c1].map(String), ['1', '0']];
    expect(code({ ...key, vk_beta_2: point })).toBeNull();
  });
});
