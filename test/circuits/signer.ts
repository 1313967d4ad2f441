import { createHash } from 'node:crypto';
import type { SignInput } from '#lib/proof/sign-input.ts';
import type { SignSignals } from '#lib/proof/signals.ts';
import { sealPoint } from '#lib/protocol/key/sealing.ts';
import { blindingOf, commitmentOf, leafOf, nullifierOf } from '#lib/protocol/member/credential.ts';
import { nameHash } from '#lib/protocol/member/name.ts';
import { PADDING } from '#lib/protocol/member/roll-tree.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { BASE, coordinates, multiplySecret, type Point, type Scalar } from '#lib/protocol/numbers/point.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { type Random, randomField, randomScalar } from '#lib/protocol/numbers/random.ts';

/** The same bytes for the same seed, so that a failing test can be repeated. */
export function seeded(seed: string): Random {
  let block = 0;
  let rest = Buffer.alloc(0);
  return (length) => {
    while (rest.length < length) rest = Buffer.concat([rest, createHash('sha512').update(`${seed}/${block++}`).digest()]);
    const taken = Uint8Array.from(rest.subarray(0, length));
    rest = rest.subarray(length);
    return taken;
  };
}

/** Every level of a tree of 2^depth leaves, padded as rolls are. */
export function buildTree(leaves: readonly Field[], depth: number): Field[][] {
  let level = Array.from({ length: 2 ** depth }, (_, i) => leaves[i] ?? PADDING);
  const levels = [level];
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => hash2(level[2 * i] as Field, level[2 * i + 1] as Field));
    levels.push(level);
  }
  return levels;
}

export function siblingsOf(tree: readonly Field[][], index: number): Field[] {
  return tree.slice(0, -1).map((level, height) => level[(index >> height) ^ 1] as Field);
}

export interface Signer {
  readonly input: SignInput;
  /** What `lib/protocol` says the public signals must be. */
  readonly expected: SignSignals;
  readonly shared: Point;
  readonly tree: readonly Field[][];
}

export function pairOf(point: Point): readonly [Field, Field] {
  const { x, y } = coordinates(point);
  return [x, y];
}

/** A member of a roll of `depth` that signs under a fresh statement. Everything follows from the seed. */
export function makeSigner(seed: string, options: { depth?: number; name?: string; randomness?: bigint } = {}): Signer {
  const random = seeded(seed);
  const { depth = 3, name = 'Zoë Ó Súilleabháin, Senator for District 4' } = options;
  const identity = { secret: randomField(random) };
  const group = Buffer.from(random(32)).toString('hex');
  const index = random(1)[0]! % 2 ** Math.min(depth, 8);
  const leaves = Array.from({ length: Math.min(2 ** depth, index + 3) }, () => randomField(random));
  const token = tokenOf(membershipOf(identity, group), group, name);
  leaves[index] = leafOf(commitmentOf(identity, group), token.point);
  const tree = buildTree(leaves, depth);

  const secretKey = randomScalar(random);
  const keyPoint = multiplySecret(BASE, secretKey);
  const key = pairOf(keyPoint);
  const [scope, message] = [randomField(random), randomField(random)];
  const randomness = options.randomness ?? randomScalar(random);
  const nullifier = nullifierOf(identity, scope);
  const { ephemeral, sealed } = sealPoint(clearToken(token.point), keyPoint, randomness as Scalar);
  return {
    input: {
      ...{ scope, message, key, depth, index, siblings: siblingsOf(tree, index), randomness },
      ...{ secret: identity.secret, blinding: blindingOf(identity, group) },
      ...{ nameHash: nameHash(group, name), salt: token.salt, token: pairOf(token.point) },
    },
    expected: {
      ...{ root: tree.at(-1)![0] as Field, nullifier, scope, message, key, depth },
      ephemeral: pairOf(ephemeral),
      sealed: pairOf(sealed),
    },
    shared: multiplySecret(ephemeral, secretKey),
    tree,
  };
}
