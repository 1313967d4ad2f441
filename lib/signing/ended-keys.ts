// SPEC §4.8: what a wallet says of an issuer's key that has ended. It never puts another key in its place.

import { type EndedKey, fateOf, type KeyFate } from '#lib/protocol/member/key-end.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { lookOf } from '#lib/protocol/messages/visible-text.ts';
import { writeDay } from './clock.ts';

/** Sentences for a member. `loud`: the key was lost or stolen. */
export type FateWords = { title: string; what: string; todo: string; loud: boolean };

/** What became of the key of a group that somebody belongs to. */
export function describeFate({ revoked, time }: KeyFate, group: string): FateWords {
  if (revoked) {
    const said = revoked.isSigned
      ? `The revoked key has signed this itself, on ${writeDay(revoked.time)}.`
      : `This site has said so since ${writeDay(revoked.time)}, on the word of the account that keeps the group. The key has not signed it.`;
    return {
      title: `The issuer of ${quote(group)} has revoked its key: it was lost or stolen.`,
      what: `${said} What was signed with it later is not your issuer’s word, and new statements cannot name the group.`,
      todo: 'Your wallet keeps the old key and takes no other in its place. Who says they are your issuer with a new key is a stranger, until you have compared the fingerprint by another way than this site.',
      loud: true,
    };
  }
  return {
    title: `The issuer of ${quote(group)} has replaced its key.`,
    what: `The key that you know signed on ${writeDay(time)} that another goes on for it. Your membership stays with the old key: open statements keep it, and new ones cannot name it.`,
    todo: 'You need an invitation that is made with the new key. Your wallet takes the new key only when you join with it.',
    loud: false,
  };
}

/** What a wallet has to say of the key that an invitation is made with; null for nothing. */
export type InvitingKey =
  /** The key has ended, so that no roll will hold whoever joins with it. */
  | { kind: 'ended'; fate: KeyFate }
  /** A key that the wallet knows has signed that this one follows it. */
  | { kind: 'successor'; of: Membership }
  /** The wallet knows a group of this name by another key, of which `fate` says what became. */
  | { kind: 'other'; of: Membership; fate: KeyFate | null };

export function judgeInvitingKey(
  wallet: Wallet | null,
  { issuer, name }: RollHeader['group'],
  ended: readonly EndedKey[],
): InvitingKey | null {
  const fate = fateOf(issuer, ended);
  if (fate) return { kind: 'ended', fate };
  const others = (wallet?.memberships ?? []).filter(({ group }) => group.issuer !== issuer);
  const before = others.find(({ group }) => isSuccessor(issuer, group.issuer, ended));
  if (before) return { kind: 'successor', of: before };
  const alike = others.find(({ group }) => lookOf(group.name) === lookOf(name));
  return alike ? { kind: 'other', of: alike, fate: fateOf(alike.group.issuer, ended) } : null;
}

/** Whether a key has followed another, each key between them having signed so. */
export function isSuccessor(key: Hex32, before: Hex32, ended: readonly EndedKey[]): boolean {
  return fateOf(before, ended)?.successor === key;
}
