// Who gets which invitation. Everything here is pure: it takes the agency as it is and gives the one that follows
import { bytesToHex } from '@noble/hashes/utils.js';
import { inviteMembers, ticketOf, ticketOfMember } from '#lib/issuing/invite.ts';
import { findGroup, isInvited, MOST_ON_ROSTER, type RosterMember, replaceGroup, withSecret } from '#lib/issuing/issuer-file.ts';
import { findWithdrawn, renewInvitation } from '#lib/issuing/renew.ts';
import type { RosterRow } from '#lib/issuing/roster.ts';
import { WAYS, type Way } from '#lib/issuing/ways.ts';
import { checkAttestedName } from '#lib/protocol/member/name.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { lookOf } from '#lib/protocol/messages/visible-text.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type Agency, createRowLookup, type LedgerRow, ledgerOf, memberOf, replaceLedger, replaceRows, rowOf } from './ledger.ts';

/** Somebody who has shown who they are: a row of the roster, or a name that is to be attested to whoever bears the mark. */
export type Verified = { way: Way; mark?: Hex32 } & ({ row: Hex32 } | { name: string; email: string; mark: Hex32 });

export type AdmissionFault =
  | 'ROW_TAKEN'
  | 'MARK_TAKEN'
  | 'ALREADY_ANSWERED'
  | 'NAME_TAKEN'
  | 'BAD_NAME'
  | 'NO_STOCK'
  | 'ROSTER_FULL'
  | 'STRUCK';

/** What follows when somebody is given an invitation, and its secret. */
export type Given = { agency: Agency; secret: Hex32 };
export type AdmissionTerms = { now: number; invitationSeconds: number };

/**
 * Gives a verified person an invitation: the one that waits on the roster, or, when somebody may have that already, a fresh one out
 * of the stock, so that what was sent before admits nobody any more. One mark has one row and one row one mark, for ever. @returns ALREADY_ANSWERED when the
 * invitation was taken up: its owner is then shown that, and may withdraw it
 */
export function admitPerson(agency: Agency, group: Hex32, person: Verified, terms: AdmissionTerms): Checked<Given, AdmissionFault> {
  const ledger = ledgerOf(agency, group);
  const marked = person.mark === undefined ? undefined : ledger.rows.find(({ mark }) => mark === person.mark);
  if ('row' in person && marked && marked.secret !== person.row) return refuse('MARK_TAKEN', 'this sign-in stands for another person');
  const secret = 'row' in person ? person.row : marked?.secret;
  if (secret === undefined) return addPerson(agency, group, person as Verified & { name: string; email: string; mark: Hex32 }, terms);
  const member = memberOf(agency, group, secret);
  if (!member || member.removed) return refuse('STRUCK', 'the issuer has struck this person');
  const row = rowOf(ledger, secret);
  if (row.mark !== undefined && person.mark !== undefined && row.mark !== person.mark)
    return refuse('ROW_TAKEN', 'this person was admitted under another sign-in');
  if (!isInvited(member) || row.answered) return refuse('ALREADY_ANSWERED', 'the invitation was answered');
  return give(agency, group, secret, person, terms);
}

/** A person who stands on no roster: the next secret of the stock becomes theirs. */
function addPerson(
  agency: Agency,
  group: Hex32,
  { way, name, email, mark }: Verified & { name: string; email: string; mark: Hex32 },
  terms: AdmissionTerms,
): Checked<Given, AdmissionFault> {
  const issued = findGroup(agency.issuer, group);
  const named = checkAttestedName(name);
  if (!named.ok) return refuse('BAD_NAME', named.detail);
  const look = lookOf(name);
  if (issued.members.some((member) => !member.removed && lookOfMember(member) === look))
    return refuse('NAME_TAKEN', 'somebody is admitted under this name');
  if (issued.members.length >= MOST_ON_ROSTER) return refuse('ROSTER_FULL', 'the roster is full');
  const [secret, ...stock] = ledgerOf(agency, group).stock;
  if (secret === undefined) return refuse('NO_STOCK', 'no invitation is in stock');
  const member: RosterMember = { name, email, secret, way };
  const issuer = replaceGroup(agency.issuer, group, { ...issued, members: [...issued.members, member] });
  const ledger = replaceRows({ ...ledgerOf(agency, group), stock }, [{ secret, mark, expires: terms.now + terms.invitationSeconds }]);
  return accept({ agency: replaceLedger({ ...agency, issuer }, ledger), secret });
}

/** Kept for each person: of a whole roster it takes a second. */
const looks = new WeakMap<RosterMember, string>();

function lookOfMember(member: RosterMember): string {
  const look = looks.get(member) ?? lookOf(member.name);
  looks.set(member, look);
  return look;
}

function give(
  agency: Agency,
  group: Hex32,
  old: Hex32,
  { way, mark }: { way?: Way | undefined; mark?: Hex32 | undefined },
  { now, invitationSeconds }: AdmissionTerms,
): Checked<Given, 'NO_STOCK'> {
  const before = ledgerOf(agency, group);
  const known = rowOf(before, old);
  const isUntouched = isOpenRow(agency, group, known) && known.expires === undefined && !known.unregistered;
  const [next, ...rest] = before.stock;
  const secret = isUntouched ? old : next;
  if (secret === undefined) return refuse('NO_STOCK', 'no invitation is in stock');
  const issuer = renewInvitation(agency.issuer, group, old, secret, way);
  const kept = mark ?? known.mark;
  const row = { secret, ...(kept === undefined ? {} : { mark: kept }), expires: now + invitationSeconds };
  const rows = before.rows.filter((one) => one.secret !== old);
  const changes = isUntouched ? {} : { stock: rest, revoked: [...before.revoked, ticketOf(old)] };
  return accept({ agency: replaceLedger({ ...agency, issuer }, replaceRows({ ...before, ...changes, rows }, [row])), secret });
}

/** Whether nobody has answered, as far as keystore and platform know. */
function isOpenRow(agency: Agency, group: Hex32, { secret, answered }: LedgerRow): boolean {
  const member = memberOf(agency, group, secret);
  return member !== null && !member.removed && isInvited(member) && !answered;
}

/** Gives somebody of the roster a fresh invitation by the word of a clerk: anew, in person, or after a lost wallet. */
export function inviteAgain(
  agency: Agency,
  group: Hex32,
  secret: Hex32,
  way: Way | undefined,
  terms: AdmissionTerms,
): Checked<Given, 'NO_STOCK' | 'STRUCK'> {
  const member = memberOf(agency, group, secret);
  if (!member || member.removed) return refuse('STRUCK', 'this person is not on the roster');
  return give(agency, group, secret, { way }, terms);
}

/**
 * What the owner of an invitation does when somebody else has answered it: the answer, or the leaf that a roll holds, is struck,
 * and the owner gets a fresh invitation. The new leaf stands only in rolls from which the old one is gone.
 */
export function withdrawAnswered(
  agency: Agency,
  group: Hex32,
  secret: Hex32,
  terms: AdmissionTerms,
): Checked<Given, 'NO_STOCK' | 'STRUCK'> {
  return inviteAgain(agency, group, secret, undefined, terms);
}

/** Takes an invitation back without giving another: the row waits as if it had never been sent. */
export function revokeInvitation(
  agency: Agency,
  group: Hex32,
  secret: Hex32,
  random: Random,
): Checked<Agency, 'STRUCK' | 'ALREADY_ANSWERED'> {
  const member = memberOf(agency, group, secret);
  if (!member || member.removed) return refuse('STRUCK', 'this person is not on the roster');
  if (!isOpenRow(agency, group, rowOf(ledgerOf(agency, group), secret))) return refuse('ALREADY_ANSWERED', 'the invitation was answered');
  return accept(takeBack(agency, group, new Set([secret]), random));
}

/** Takes back whatever somebody may hold: every invitation that nobody has answered, and what is in stock. */
export function takeBackAll(agency: Agency, group: Hex32, random: Random): Agency {
  const rowFor = createRowLookup(ledgerOf(agency, group));
  const isOpen = (member: RosterMember) => !member.removed && isInvited(member) && !rowFor(member.secret).answered;
  const open = findGroup(agency.issuer, group).members.filter(isOpen);
  return takeBack(takeBackStock(agency, group), group, new Set(open.map(({ secret }) => secret)), random);
}

function takeBackStock(agency: Agency, group: Hex32): Agency {
  const ledger = ledgerOf(agency, group);
  const revoked = [...ledger.revoked, ...[...ledger.stock, ...ledger.ordered].map(ticketOf)];
  return replaceLedger(agency, { ...ledger, stock: [], ordered: [], revoked });
}

/**
 * Gives fresh invitations in place of those that the platform says were withdrawn. This folder is older than that, so what it has in stock
 * may have been given to somebody in their place: it goes as well.
 */
export function renewTakenBack(agency: Agency, group: Hex32, withdrawn: ReadonlySet<Hex32>, random: Random): Agency {
  const found = findWithdrawn(findGroup(agency.issuer, group), withdrawn);
  return found.length === 0 ? agency : takeBack(takeBackStock(agency, group), group, new Set(found.map(({ secret }) => secret)), random);
}

/** Gives people whom nobody has answered for secrets that nobody has; the platform learns of them with the next turn. */
function takeBack(agency: Agency, group: Hex32, secrets: ReadonlySet<Hex32>, random: Random): Agency {
  const issued = findGroup(agency.issuer, group);
  const ledger = ledgerOf(agency, group);
  const fresh = new Map([...secrets].map((secret) => [secret, bytesToHex(random(32))]));
  const members = issued.members.map((member) => {
    const secret = fresh.get(member.secret);
    return secret === undefined ? member : withSecret(member, secret);
  });
  const rowFor = createRowLookup(ledger);
  const renewed = [...fresh].map(([old, secret]): LedgerRow => {
    const { mark } = rowFor(old);
    return { secret, unregistered: true, ...(mark === undefined ? {} : { mark }) };
  });
  const rows = [...ledger.rows.filter(({ secret }) => !fresh.has(secret)), ...renewed];
  const issuer = replaceGroup(agency.issuer, group, { ...issued, members });
  return replaceLedger({ ...agency, issuer }, { ...ledger, rows, revoked: [...ledger.revoked, ...[...secrets].map(ticketOf)] });
}

/** What the platform knows now can be given to people. */
export function markRegistered(agency: Agency, group: Hex32): Agency {
  const ledger = ledgerOf(agency, group);
  if (!ledger.rows.some(({ unregistered }) => unregistered)) return agency;
  return replaceLedger(agency, { ...ledger, rows: ledger.rows.map(({ unregistered: _, ...row }) => row) });
}

/** Notes that invitations have left for their addressees: from now on they run out, and who answers was admitted by way 1. */
export function markSent(agency: Agency, group: Hex32, secrets: readonly Hex32[], { now, invitationSeconds }: AdmissionTerms): Agency {
  const wanted = new Set(secrets);
  const ledger = ledgerOf(agency, group);
  const rowFor = createRowLookup(ledger);
  const sent = secrets.map((secret) => ({ ...rowFor(secret), sent: true as const, expires: now + invitationSeconds }));
  const issued = findGroup(agency.issuer, group);
  const members = issued.members.map((member) => (wanted.has(member.secret) ? { ...member, way: WAYS.invitation } : member));
  const issuer = replaceGroup(agency.issuer, group, { ...issued, members });
  return replaceLedger({ ...agency, issuer }, replaceRows(ledger, sent));
}

/** Notes which tickets the platform says are answered. */
export function noteAnswers(agency: Agency, group: Hex32, answered: ReadonlySet<Hex32>): Agency {
  const ledger = ledgerOf(agency, group);
  const rowFor = createRowLookup(ledger);
  const { members } = findGroup(agency.issuer, group);
  const found = members.filter((member) => !rowFor(member.secret).answered && answered.has(ticketOfMember(member)));
  if (found.length === 0) return agency;
  const rows = found.map(({ secret }) => ({ ...rowFor(secret), answered: true as const }));
  return replaceLedger(agency, replaceRows(ledger, rows));
}

/** Takes back what has run out: the people stay on the roster and may be invited again. */
export function retireExpired(agency: Agency, group: Hex32, now: number, random: Random): Agency {
  const open = new Set(findGroup(agency.issuer, group).members.flatMap((one) => (!one.removed && isInvited(one) ? [one.secret] : [])));
  const late = ledgerOf(agency, group).rows.filter(
    ({ secret, expires, answered }) => open.has(secret) && !answered && (expires ?? now + 1) <= now,
  );
  return late.length === 0 ? agency : takeBack(agency, group, new Set(late.map(({ secret }) => secret)), random);
}

/**
 * Forgets rows whose invitation the keystore does not have, as where a roll left those people out and invited them anew, and rows of
 * the struck whose mark somebody on the roster bears now: see `keepRowsOf`.
 */
export function dropLostRows(agency: Agency, group: Hex32): Agency {
  const ledger = ledgerOf(agency, group);
  const removed = new Map(findGroup(agency.issuer, group).members.map((member) => [member.secret, member.removed === true]));
  const borne = new Set(ledger.rows.flatMap(({ secret, mark }) => (mark !== undefined && removed.get(secret) === false ? [mark] : [])));
  const rows = ledger.rows.filter(({ secret, mark }) => removed.get(secret) === false || (removed.get(secret) && !borne.has(mark ?? '')));
  return rows.length === ledger.rows.length ? agency : replaceLedger(agency, { ...ledger, rows });
}

/** Secrets for the stock, which go to the platform before anybody gets one. Orders that were not confirmed are sent again. */
export function orderStock(agency: Agency, group: Hex32, size: number, random: Random): Agency {
  const ledger = ledgerOf(agency, group);
  const missing = size - ledger.stock.length - ledger.ordered.length;
  if (missing <= 0) return agency;
  const fresh = Array.from({ length: missing }, () => bytesToHex(random(32)));
  return replaceLedger(agency, { ...ledger, ordered: [...ledger.ordered, ...fresh] });
}

/** What the platform has taken is in stock. */
export function stockArrived(agency: Agency, group: Hex32, secrets: readonly Hex32[]): Agency {
  const ledger = ledgerOf(agency, group);
  const arrived = new Set(secrets);
  const ordered = ledger.ordered.filter((secret) => !arrived.has(secret));
  return replaceLedger(agency, { ...ledger, ordered, stock: [...ledger.stock, ...secrets] });
}

/** Puts people on the roster. @throws RosterFull */
export function enterRoster(agency: Agency, group: Hex32, rows: readonly RosterRow[], random: Random): Agency {
  return { ...agency, issuer: inviteMembers(agency.issuer, group, rows, random) };
}
