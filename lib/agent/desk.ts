// What all pages of the agent work with

import type { Resolver } from 'mailauth/lib/tools.js';
import { type MailAddress, parseAddress } from '#lib/api/mail-address.ts';
import type { Log } from '#lib/host/log.ts';
import { formatInvitationLink, invitationIn, invitingGroupOf, ticketOfMember } from '#lib/issuing/invite.ts';
import { findGroup, groupNameOf, type RosterMember } from '#lib/issuing/issuer-file.ts';
import { isPrivateAddress, WAYS } from '#lib/issuing/ways.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { canonicalAddress, parseAliases } from './addresses.ts';
import type { AgencyStore } from './keystore.ts';
import { memberOf } from './ledger.ts';
import type { Mailer } from './mailer.ts';
import type { OpenIdDesk } from './openid.ts';
import type { Sessions } from './sessions.ts';
import { type AgentSettings, type GroupSettings, wayOf } from './settings.ts';
import type { Turns } from './turns.ts';

export type ServedGroup = { id: Hex32; settings: GroupSettings; aliases: ReadonlyMap<string, string> };

export type Desk = {
  settings: AgentSettings;
  groups: readonly ServedGroup[];
  store: AgencyStore;
  sessions: Sessions;
  /** By the hour. */
  turns: Turns;
  /** By the day. */
  dailyTurns: Turns;
  mailer: Mailer;
  /** As the rounds find them: see `RoundTools`. */
  older: ReadonlySet<Hex32>;
  resolver: Resolver;
  /** By group, for those that admit by OpenID Connect; made when first wanted. */
  openId(group: ServedGroup): Promise<OpenIdDesk>;
  /** The clerk's one-time code, as `openClerkDoor` spends it. */
  takeClerkCode(text: string): Promise<boolean>;
  now(): number;
  random: Random;
  log: Log;
};

/** The groups of the settings as the keystore has them. @throws Error when one is missing */
export function serveGroups(store: AgencyStore, settings: AgentSettings): ServedGroup[] {
  return settings.groups.map((group) => {
    const { issuer } = store.now();
    if (!issuer.groups.some(({ name }) => name === group.name))
      throw new Error(`The keystore has no group ${quote(group.name)}, which the settings name. Make it: npm run issuer -- claim`);
    return { id: groupId(groupNameOf(issuer, group.name)), settings: group, aliases: parseAliases(group.aliases) };
  });
}

/** Made once for each state of a roster: every admission reads it. */
const byAddress = new WeakMap<readonly RosterMember[], Map<string, RosterMember>>();

/** People on the roster who are not struck, by the one spelling of their addresses. An address that two people have leads to neither. */
export function rosterByAddress({ store }: Desk, { id, aliases }: ServedGroup): Map<string, RosterMember> {
  const { members } = findGroup(store.now().issuer, id);
  const known = byAddress.get(members);
  if (known) return known;
  const found = new Map<string, RosterMember | null>();
  for (const member of members) {
    const address = member.removed ? null : parseAddress(member.email);
    if (!address) continue;
    const spelt = canonicalAddress(address, aliases);
    found.set(spelt, found.has(spelt) ? null : member);
  }
  const roster = new Map([...found].flatMap(([address, member]) => (member ? [[address, member] as const] : [])));
  byAddress.set(members, roster);
  return roster;
}

/** The one spelling under which an address counts in a group. */
export function spellingOf(address: MailAddress, { aliases }: ServedGroup): string {
  return canonicalAddress(address, aliases);
}

/** The person whose invitation has this ticket: pages name people by it, never by the secret. */
export function memberByTicket({ store }: Desk, group: Hex32, ticket: string): RosterMember | null {
  return findGroup(store.now().issuer, group).members.find((member) => !member.removed && ticketOfMember(member) === ticket) ?? null;
}

export function memberBySecret({ store }: Desk, group: Hex32, secret: Hex32): RosterMember | null {
  return memberOf(store.now(), group, secret);
}

/** The link that admits: it belongs on a page for its owner, in a mail to a private address, or on paper. */
export function linkOf(desk: Desk, group: Hex32, member: RosterMember): string {
  return linksFor(desk, group)(member);
}

/** `linkOf` for many members of a group. */
export function linksFor({ store, settings }: Desk, group: Hex32): (member: RosterMember) => string {
  const { issuer } = store.now();
  const inviting = invitingGroupOf(issuer, findGroup(issuer, group));
  return (member) => formatInvitationLink(settings.platform, invitationIn(inviting, member));
}

/** Whether an invitation may go to an address: never to one at an employer's domain, where a code goes instead. */
export function isPrivate({ settings }: ServedGroup, { email }: RosterMember): boolean {
  return isPrivateAddress(email, [...settings.employerDomains, ...(wayOf(settings, WAYS.workCode)?.domains ?? [])]);
}
