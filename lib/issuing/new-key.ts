// SPEC §4.8: what an issuer does when its key is to end
import { hexToBytes } from '@noble/hashes/utils.js';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { type IssuerSuccessor, type KeyFate, signRevocation, signSuccessor } from '#lib/protocol/member/key-end.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { createIssuer, groupIdsOf, type Issuer, inviteAnew, issuerKey } from './issuer-file.ts';
import { type IssuerStore, registerGroup } from './run-group.ts';

/** `now` in Unix seconds. */
export type EndTerms = { now: number; random: Random };
type EndingApi = Pick<IssuerApi, 'endKey' | 'claimGroup'>;

/**
 * Has the key of the keystore followed by a fresh one, signed by both, and goes on with that. The new key is stored before anything is
 * sent, so that the same again after a failure names the same successor.
 * @throws ApiError
 */
export async function replaceKey(api: EndingApi, store: IssuerStore, { now, random }: EndTerms, options?: CallOptions): Promise<Issuer> {
  const before = await store.update((issuer) => (issuer.next ? issuer : { ...issuer, next: nextOf(now, random) }));
  const message = successorOf(before);
  await api.endKey(message.issuer, message, options);
  return goOn(api, store, message.issuer, before.next, { now, random }, options);
}

/**
 * Revokes the key of the keystore, signed by it, and goes on with a fresh one that nothing leads to from the old: whoever has a copy of
 * this keystore may have all that is in it.
 * @throws ApiError
 */
export async function revokeOwnKey(api: EndingApi, store: IssuerStore, { now, random }: EndTerms, options?: CallOptions): Promise<Issuer> {
  const issuer = await store.update((current) => current);
  const message = signRevocation(now, hexToBytes(issuer.seed));
  await api.endKey(message.issuer, message, options);
  return goOn(api, store, message.issuer, undefined, { now, random }, options);
}

/**
 * Goes on with another key after `ended` has ended: groups of the same names, and all who stand on their rosters with fresh invitations
 * and in no roll yet. Does nothing to a keystore of another key.
 * @throws ApiError when a group cannot be registered, which can be done later
 */
export async function goOn(
  api: Pick<IssuerApi, 'claimGroup'>,
  store: IssuerStore,
  ended: Hex32,
  next: Issuer['next'],
  { now, random }: EndTerms,
  options?: CallOptions,
): Promise<Issuer> {
  const after = await store.update((current) => (issuerKey(current) === ended ? startAnew(current, next, random) : current));
  for (const group of groupIdsOf(after)) await registerGroup(api, after, group, now, options);
  return after;
}

/**
 * The keys that a keystore has prepared to go on with, if its own key has signed that they follow it. After a revocation they are of no
 * use: whoever has a copy of the keystore may have them as well. @param fate what became of the keystore's key
 */
export function signedNext({ next }: Issuer, fate: KeyFate | null): Issuer['next'] {
  return next && fate?.successor === publicKeyOf(hexToBytes(next.seed)) ? next : undefined;
}

/** The message by which the successor in the keystore follows its key. @throws TypeError when none was prepared */
function successorOf({ seed, next }: Issuer): IssuerSuccessor {
  if (!next) throw new TypeError('"issuer" has no successor prepared');
  return signSuccessor(next.time, hexToBytes(seed), hexToBytes(next.seed));
}

/** The keystore of the key that goes on. Who was struck is left behind: invitations of the old key admit nobody to the new groups. */
function startAnew({ groups }: Issuer, next: Issuer['next'], random: Random): Issuer {
  const { seed, enrolmentSecret } = next ?? createIssuer(random);
  return {
    ...{ type: 'round-robin-issuer', version: 2, seed, enrolmentSecret },
    groups: groups.map(({ lastRoll: _, unsent: __, members, ...settings }) => ({
      ...settings,
      members: members.filter(({ removed }) => !removed).map((member) => inviteAnew(member, random)),
    })),
  };
}

function nextOf(time: number, random: Random): NonNullable<Issuer['next']> {
  const { seed, enrolmentSecret } = createIssuer(random);
  return { seed, enrolmentSecret, time };
}
