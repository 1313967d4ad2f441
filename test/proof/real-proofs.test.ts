import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ProvedSignature, proveSign, verifyGroth16Single } from '#lib/proof/prover.ts';
import { type SignInput, signInput } from '#lib/proof/sign-input.ts';
import { formatSignals, parseSignals, type SignSignals, signalsFromArray, signalsToArray } from '#lib/proof/signals.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { nullifierOf } from '#lib/protocol/member/credential.ts';
import { clearToken } from '#lib/protocol/member/token.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { BASE, coordinates, IDENTITY, type Point, parseCurvePoint, parsePoint, SCALAR_ORDER } from '#lib/protocol/numbers/point.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { buildTree, makeSigner, pairOf, siblingsOf } from '../circuits/signer.ts';
import { loadCurrentKey } from './current-key.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
let current: Awaited<ReturnType<typeof loadCurrentKey>>;
beforeAll(async () => {
  current = await loadCurrentKey();
});

const prove = (input: SignInput) => proveSign(signInput(input), current.files, { random });
const accepts = (proved: ProvedSignature, expected: SignSignals) =>
  verifyProof(current.key, { proof: proved.proof, publicSignals: signalsToArray(expected) }, random);

describe('a real signature', () => {
  const signer = makeSigner('real');
  let proved: ProvedSignature;
  beforeAll(async () => {
    proved = await prove(signer.input);
  });

  it('is accepted for what the verifier itself expects, by batch verifier and prover library alike', async () => {
    expect(proved.publicSignals).toEqual(signalsToArray(signer.expected));
    expect(await accepts(proved, signer.expected)).toBe(true);
    expect(await verifyGroth16Single(current.key, proved.proof, signalsToArray(signer.expected))).toBe(true);
  });

  const other = makeSigner('another').expected;
  const { ephemeral, sealed, key } = signer.expected;
  const changes: [string, Partial<SignSignals>][] = [
    ['another statement', { scope: other.scope }],
    ['another message', { message: other.message }],
    ['another key', { key: other.key }],
    ['the key with its sign turned', { key: [(FIELD_ORDER - key[0]) as Field, key[1]] }],
    ['another root', { root: other.root }],
    ['root 0', { root: 0n as Field }],
    ['another depth', { depth: 4 }],
    ['another nullifier', { nullifier: other.nullifier }],
    ['another ephemeral', { ephemeral: other.ephemeral }],
    ['swapped coordinates of the ephemeral', { ephemeral: [ephemeral[1], ephemeral[0]] }],
    ['another sealed point', { sealed: other.sealed }],
    ['a sealed point with its sign turned', { sealed: [(FIELD_ORDER - sealed[0]) as Field, sealed[1]] }],
  ];
  it.each(changes)('is refused for %s', async (_, change) => {
    expect(await accepts(proved, { ...signer.expected, ...change })).toBe(false);
  });

  it('is read only in one spelling of its nullifier (T7), though the prover library takes several', async () => {
    const canonical = formatSignals(proved.publicSignals);
    expect(parseSignals(canonical)).toEqual({ ok: true, value: proved.publicSignals });
    const nullifier = BigInt(canonical[1] as string);
    const aliases = [
      `00${nullifier}`,
      `0x${nullifier.toString(16)}`,
      `+${nullifier}`,
      ` ${nullifier}`,
      `${nullifier}n`,
      (nullifier + FIELD_ORDER).toString(),
    ];
    for (const alias of [...aliases, '007', '0x7', '', '-1', '1e3', Number(7), nullifier, null]) {
      expect(parseSignals(canonical.with(1, alias as string))).toMatchObject({ ok: false, code: 'SIGNALS_NUMBER' });
    }
    const beyond = proved.publicSignals.with(1, (nullifier + FIELD_ORDER) as Field);
    expect(await verifyProof(current.key, { proof: proved.proof, publicSignals: beyond }, random)).toBe(false);
  });

  it('is refused with one signal more or less', async () => {
    const canonical = formatSignals(proved.publicSignals);
    expect(parseSignals(canonical.slice(1))).toMatchObject({ code: 'SIGNALS_COUNT' });
    expect(parseSignals([...canonical, '0'])).toMatchObject({ code: 'SIGNALS_COUNT' });
    expect(parseSignals(canonical.join())).toMatchObject({ code: 'SIGNALS_COUNT' });
    for (const publicSignals of [proved.publicSignals.slice(1), [...proved.publicSignals, 0n as Field]]) {
      expect(await verifyProof(current.key, { proof: proved.proof, publicSignals }, random)).toBe(false);
    }
  });
});

// The circuit has satisfying witnesses for the following, so only what the verifier supplies stands between them and the board.
describe('what the circuit leaves to the verifier', () => {
  it('depth 17 proves root 0 for anybody, and neither that depth nor that root is ever a roll’s (T22)', async () => {
    const { input, expected } = makeSigner('root zero');
    const outsider = { ...signInput({ ...input, secret: 4711n as Field }), depth: '17' };
    const proved = await proveSign(outsider, current.files, { random });
    expect(proved.publicSignals[0]).toBe(0n);
    expect(proved.publicSignals[10]).toBe(17n);
    expect(await verifyProof(current.key, proved, random)).toBe(true);

    expect(signalsFromArray(proved.publicSignals)).toMatchObject({ ok: false, code: 'SIGNALS_DEPTH' });
    expect(() => signalsToArray({ ...expected, depth: 17 })).toThrow(RangeError);
    const nullifier = nullifierOf({ secret: 4711n as Field }, expected.scope);
    expect(await accepts(proved, { ...expected, nullifier })).toBe(false);
    expect(await accepts(proved, { ...expected, nullifier, root: 0n as Field })).toBe(false);
  });

  it('a hidden subtree under a published leaf proves at its own depth and is refused at the depth of the roll (T26)', async () => {
    const { input, expected, tree } = makeSigner('hidden');
    const published = buildTree([1n, 2n, 3n, 4n, 5n, 6n, 7n, tree.at(-1)![0]!] as Field[], 3);
    const hidden = { ...input, depth: 6, index: 7 * 8 + input.index, siblings: [...input.siblings, ...siblingsOf(published, 7)] };
    const proved = await prove(hidden);
    const root = published.at(-1)![0] as Field;
    expect(proved.publicSignals[0]).toBe(root);
    expect(await accepts(proved, { ...expected, root, depth: 6 })).toBe(true);
    expect(await accepts(proved, { ...expected, root, depth: 3 })).toBe(false);
  });

  it('randomness of 0 modulo l proves with the identity as ephemeral, which no reader of points accepts (T32)', async () => {
    const { input, expected } = makeSigner('open seal');
    const proved = await prove({ ...input, randomness: SCALAR_ORDER });
    const identity = coordinates(IDENTITY);
    const cleared = clearToken(parseCurvePoint(input.token.map(String)) as Point);
    const open = { ...expected, ephemeral: [identity.x, identity.y] as const, sealed: pairOf(cleared) };
    expect(await accepts(proved, open)).toBe(true);
    expect(await accepts(proved, expected)).toBe(false);
    expect(parsePoint(formatSignals(proved.publicSignals).slice(2, 4))).toBeNull();
    expect(parsePoint(Object.values(coordinates(BASE)).map(String))).not.toBeNull();
  });

  it('another secret for the same place needs a second preimage of the commitment (T3)', async () => {
    const { input, expected } = makeSigner('two secrets');
    const proved = await prove({ ...input, secret: ((input.secret + 1n) % FIELD_ORDER) as Field });
    expect(proved.publicSignals[0]).not.toBe(expected.root);
    expect(proved.publicSignals[1]).toBe(hash2(expected.scope, (input.secret + 1n) as Field));
  });
});

describe('proving', () => {
  const { input } = makeSigner('limits');

  it('says what it is doing', async () => {
    const stages: string[] = [];
    await proveSign(signInput(input), current.files, { random, onStage: (stage) => stages.push(stage) });
    expect(stages).toEqual(['witness', 'proof']);
  });

  it('stops between stages when it is told to', async () => {
    const controller = new AbortController();
    const onStage = () => controller.abort(new Error('closed the page'));
    await expect(proveSign(signInput(input), current.files, { random, signal: controller.signal, onStage })).rejects.toThrow(
      'closed the page',
    );
    await expect(proveSign(signInput(input), current.files, { random, signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
  });

  it('gives up after its time limit', async () => {
    await expect(proveSign(signInput(input), current.files, { random, timeoutMs: 1 })).rejects.toThrow('not done within 1 ms');
  });

  it('refuses inputs that do not fit together', () => {
    expect(() => signInput({ ...input, siblings: input.siblings.slice(1) })).toThrow(RangeError);
    expect(() => signInput({ ...input, index: 8 })).toThrow(RangeError);
    expect(() => signInput({ ...input, depth: 17 })).toThrow(RangeError);
    expect(() => signInput({ ...input, randomness: 0n })).toThrow(RangeError);
    expect(() => signInput({ ...input, randomness: 1n << 251n })).toThrow(RangeError);
  });
});
