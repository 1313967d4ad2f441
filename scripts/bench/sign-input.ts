import { randomBytes } from 'node:crypto';
import { type CircuitInput, signInput } from '#lib/proof/sign-input.ts';
import { nameHash } from '#lib/protocol/member/name.ts';
import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import { tokenOf } from '#lib/protocol/member/token.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { BASE, coordinates, type Point } from '#lib/protocol/numbers/point.ts';
import { type Random, randomField, randomScalar } from '#lib/protocol/numbers/random.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));

/** A signature in the largest group, by somebody who was made up. */
export function makeSignInput(): CircuitInput {
  const pair = (point: Point): [Field, Field] => {
    const { x, y } = coordinates(point);
    return [x, y];
  };
  const [group, name] = ['ab'.repeat(32), 'Jane Doe, Senator for District 4'];
  const token = tokenOf('cd'.repeat(32), group, name);
  return signInput({
    scope: randomField(random),
    message: randomField(random),
    key: pair(BASE.multiply(randomScalar(random))),
    depth: MAX_DEPTH,
    secret: randomField(random),
    blinding: randomField(random),
    nameHash: nameHash(group, name),
    salt: token.salt,
    token: pair(token.point),
    index: 4711,
    siblings: Array.from({ length: MAX_DEPTH }, () => randomField(random)),
    randomness: randomScalar(random),
  });
}
