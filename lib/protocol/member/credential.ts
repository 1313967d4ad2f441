// SPEC §3.2: the credential, its commitment and leaf (§3.3)

import { type Hex32, hashToField } from '../messages/hash.ts';
import { type Field, formatField } from '../numbers/field.ts';
import { coordinates, type Point } from '../numbers/point.ts';
import { hash2, hash3 } from '../numbers/poseidon.ts';
import { type Random, randomField } from '../numbers/random.ts';

/**
 * What a member's wallet keeps: one secret for all groups, so that an honest person counts once everywhere. Whoever learns
 * it can sign as the member and find the member's earlier signatures.
 */
export type Identity = { secret: Field };

export function createIdentity(random: Random): Identity {
  return { secret: randomField(random) };
}

/** Blinds the commitment, differently in each group, so that issuers cannot find their members in another's roll (T35). */
export function blindingOf(identity: Identity, group: Hex32): Field {
  return hashToField('blinding', { secret: formatField(identity.secret), group });
}

/** Poseidon(secret, blinding): all that the issuer of the group ever sees of the identity. SPEC §3.2. */
export function commitmentOf(identity: Identity, group: Hex32): Field {
  return hash2(identity.secret, blindingOf(identity, group));
}

/** Poseidon(commitment, token.x, token.y): the member's place in a roll. The token is any point that an issuer puts there. SPEC §3.3. */
export function leafOf(commitment: Field, token: Point): Field {
  const { x, y } = coordinates(token);
  return hash3([commitment, x, y]);
}

/** Poseidon(scope, secret): the same for every signature of one person under one statement, unrelated elsewhere. SPEC §3.2. */
export function nullifierOf(identity: Identity, scope: Field): Field {
  return hash2(scope, identity.secret);
}
