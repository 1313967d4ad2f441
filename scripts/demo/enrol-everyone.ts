import { type Api, createApi } from '#lib/api/client.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { formatInvitationLink, invitationOf, inviteMembers } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf, type Issuer } from '#lib/issuing/issuer-file.ts';
import { parseRoster, type Roster, type RosterRow } from '#lib/issuing/roster.ts';
import { decodeRoster } from '#lib/issuing/roster-file.ts';
import { type IssuerStore, publishNextRoll, registerGroup, sendTickets } from '#lib/issuing/run-group.ts';
import { parseInvitation } from '#lib/protocol/member/enrolment.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { acceptInvitation, createWallet } from '#lib/signing/wallet.ts';
import { readCallersFile } from '../command-line/callers-files.ts';
import { createCookieFetch } from '../instance/cookie-fetch.ts';
import { eachOf } from './each-of.ts';
import { need } from './need.ts';

/** A member who has accepted and is in the roll. */
export type EnrolledMember = { wallet: Wallet; name: string; group: Hex32 };
export type EnrolledGroup = { id: Hex32; name: string; header: RollHeader; members: EnrolledMember[] };

/** The group of everybody whose row names none. */
const ONLY_GROUP = 'Everybody on the roster';
const REQUESTS_AT_ONCE = 8;

/** Reads a roster as the page of an issuer does. @throws Error that lists the rows that cannot be read */
export function readRoster(file: string, log: (line: string) => void): Map<string, RosterRow[]> {
  const { rows, problems }: Roster = parseRoster(need(decodeRoster(readCallersFile(file))), { normalise: true });
  const say = ({ row, detail }: Roster['problems'][number]) => `row ${row}: ${detail}`;
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new Error(`The roster cannot be used as it is:\n${errors.map((problem) => `  ${say(problem)}`).join('\n')}`);
  for (const warning of problems) log(`  ${say(warning)}`);
  if (rows.length === 0) throw new Error('The roster is empty.');
  return Map.groupBy(rows, (row) => row.group ?? ONLY_GROUP);
}

/**
 * Plays the issuer and every member: signs in, makes the groups, invites, takes up every invitation from its link, each with
 * a wallet of its own, and publishes the rolls. `now` in Unix seconds.
 */
export async function enrolEveryone(
  platform: { url: string; issuerToken: string },
  roster: ReadonlyMap<string, readonly RosterRow[]>,
  trustees: readonly Hex32[],
  { random, now, log }: { random: Random; now: () => number; log: (line: string) => void },
): Promise<EnrolledGroup[]> {
  const issuerApi = createIssuerApi(platform.url, createCookieFetch(platform.url));
  const api = createApi(platform.url, fetch);
  await issuerApi.signIn(platform.issuerToken);

  let issuer = createIssuer(random);
  for (const name of roster.keys()) issuer = need(addGroup(issuer, name, trustees));
  const ids = groupIdsOf(issuer);
  const store: IssuerStore = {
    update: async (change) => {
      issuer = await change(issuer);
      return issuer;
    },
  };

  const groups: EnrolledGroup[] = [];
  for (const [i, [name, rows]] of [...roster].entries()) {
    const id = ids[i] as Hex32;
    await store.update((current) => inviteMembers(current, id, rows, random));
    await registerGroup(issuerApi, issuer, id, now());
    await sendTickets(issuerApi, issuer, id);
    const members = await joinAll(api, issuer, id, platform.url, random);
    log(`  ${members.length} people have taken up their invitations to ${quote(name)}`);
    const published = need(await publishNextRoll(issuerApi, store, id, { time: now(), trustees, random }));
    if (published.refused.length > 0) throw new Error(`Enrolments were refused: ${published.refused.map((one) => one.name).join(', ')}`);
    if (published.header.size !== rows.length) throw new Error(`The roll has ${published.header.size} members instead of ${rows.length}.`);
    log(
      `  roll ${published.header.number} of ${quote(name)} is published: ${published.header.size} members, depth ${published.header.depth}`,
    );
    groups.push({ id, name, header: published.header, members });
  }
  await issuerApi.signOut();
  return groups;
}

function joinAll(api: Api, issuer: Issuer, group: Hex32, origin: string, random: Random): Promise<EnrolledMember[]> {
  const issued = findGroup(issuer, group);
  const links = issued.members.map((member) => formatInvitationLink(origin, invitationOf(issuer, issued, member)));
  return eachOf(links, REQUESTS_AT_ONCE, async (link) => {
    const invitation = need(parseInvitation(new URL(link).hash.slice(1)));
    const { wallet, enrolment } = need(acceptInvitation(createWallet(random), invitation, origin));
    await api.postEnrolment(enrolment);
    return { wallet, name: invitation.name, group };
  });
}
