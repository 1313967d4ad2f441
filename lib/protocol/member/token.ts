// SPEC §3.3: the token, a name as a point that can be sealed
import { type Hex32, hashHex, hashToField } from '../messages/hash.ts';
import { type Field, formatField } from '../numbers/field.ts';
import { type Point, type PointText, parseCurvePoint, pointAt, timesEight } from '../numbers/point.ts';
import { hash2 } from '../numbers/poseidon.ts';
import type { Identity } from './credential.ts';
import { checkName, nameHash } from './name.ts';

/**
 * u, the secret of one membership: the wallet makes it, the issuer learns it, the platform never. With it and the name
 * everything follows that the issuer needs, and nothing about other groups.
 */
export function membershipOf(identity: Identity, group: Hex32): Hex32 {
  return hashHex('membership', { secret: formatField(identity.secret), group });
}

/** A token with what proves whose it is: token.y = Poseidon(nameHash, salt), and the lowest bit of token.x. */
export type Token = { point: Point; salt: Field; sign: 0 | 1 };

/**
 * The token of a member: the first salt for which y belongs to a point, and of the two points the one with x even. About two
 * salts are tried. SPEC §3.3. @throws RangeError when `checkName` refuses the name
 */
export function tokenOf(membership: Hex32, group: Hex32, name: string): Token {
  const hash = nameHash(group, name);
  for (let counter = 0; ; counter++) {
    const salt = hashToField('token-salt', { secret: membership, group, counter });
    const point = pointAt(hash2(hash, salt), 0);
    if (point !== null) return { point, salt, sign: 0 };
  }
}

/** T = 8·token, in the subgroup whatever an issuer put in a leaf: what is sealed, opened, and proven to be a name. SPEC §3.3. */
export function clearToken(token: Point): Point {
  return timesEight(token);
}

/** What shows that a name belongs to an opened T. `salt` is a field element; `sign` is the lowest bit of token.x. */
export type NameProof = { name: string; salt: Field; sign: 0 | 1 };

/**
 * The token whose eightfold is T and which the proof makes of the name; null when there is none. One T has one name: a second
 * would be a collision of Poseidon (T44). SPEC §3.3.
 */
export function proveName(T: PointText, group: Hex32, { name, salt, sign }: NameProof): Point | null {
  if (!checkName(name).ok) return null;
  const point = pointAt(hash2(nameHash(group, name), salt), sign);
  return point !== null && parseCurvePoint(T)?.equals(clearToken(point)) ? point : null;
}
