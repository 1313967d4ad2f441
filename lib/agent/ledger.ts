// What the agent keeps beside the issuer's keystore: whom it gave which invitation, and those that it holds in stock
import { z } from 'zod';
import { findGroup, type Issuer, isInvited, type RosterMember } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { hex32, unixTime } from '#lib/protocol/messages/shape.ts';

const rowShape = z.strictObject({
  /** The secret of the invitation of this person, as it stands in the keystore. */
  secret: hex32,
  /** By what the person was known when admitted, as `markOf` writes it; nobody else gets this row, and the mark no other one. */
  mark: hex32.optional(),
  /** Until when the invitation is good, once somebody has it. */
  expires: unixTime.optional(),
  /** The platform does not know its ticket before the next turn: until then nobody gets it. */
  unregistered: z.literal(true).optional(),
  /** The platform has said that it was answered. */
  answered: z.literal(true).optional(),
  /** It was mailed by the agent, or put on paper or into a file for a mail merge. */
  sent: z.literal(true).optional(),
});
export type LedgerRow = z.infer<typeof rowShape>;

const groupLedgerShape = z.strictObject({
  group: hex32,
  /** Secrets that nobody has, whose tickets the platform knows. */
  stock: z.array(hex32).max(20_000),
  /** Secrets on their way into the stock: the platform may or may not know their tickets. */
  ordered: z.array(hex32).max(20_000),
  /** Tickets that the platform is still to forget. */
  revoked: z.array(hex32).max(200_000),
  rows: z.array(rowShape).max(200_000),
  /** When the agent last looked whether a roll was due, Unix seconds; 0 at first. */
  lastTurn: unixTime,
  /** How many newcomers the next roll may hold by the word of a person. */
  allowed: z.int().min(0).optional(),
  /** How many newcomers wait for that word. */
  waiting: z.int().min(0).optional(),
});
export type GroupLedger = z.infer<typeof groupLedgerShape>;

export const ledgerShape = z.strictObject({
  type: z.literal('round-robin-issuer-agent'),
  version: z.literal(1),
  groups: z.array(groupLedgerShape).max(1_000),
});
export type Ledger = z.infer<typeof ledgerShape>;

/** Keystore and ledger, which change together. */
export type Agency = { issuer: Issuer; ledger: Ledger };

export const EMPTY_LEDGER: Ledger = { type: 'round-robin-issuer-agent', version: 1, groups: [] };

export function ledgerOf({ ledger }: Agency, group: Hex32): GroupLedger {
  return ledger.groups.find((one) => one.group === group) ?? { group, stock: [], ordered: [], revoked: [], rows: [], lastTurn: 0 };
}

export function replaceLedger(agency: Agency, changed: GroupLedger): Agency {
  const others = agency.ledger.groups.filter(({ group }) => group !== changed.group);
  return { ...agency, ledger: { ...agency.ledger, groups: [...others, changed] } };
}

/** Somebody of the roster, struck or not. */
export function memberOf({ issuer }: Agency, group: Hex32, secret: Hex32): RosterMember | null {
  return findGroup(issuer, group).members.find((member) => member.secret === secret) ?? null;
}

export function rowOf(ledger: GroupLedger, secret: Hex32): LedgerRow {
  return ledger.rows.find((row) => row.secret === secret) ?? { secret };
}

/** `rowOf` for many secrets of one ledger. */
export function createRowLookup({ rows }: GroupLedger): (secret: Hex32) => LedgerRow {
  const known = new Map(rows.map((row) => [row.secret, row]));
  return (secret) => known.get(secret) ?? { secret };
}

/** The ledger with rows exchanged, or added. */
export function replaceRows(ledger: GroupLedger, rows: readonly LedgerRow[]): GroupLedger {
  const changed = new Set(rows.map(({ secret }) => secret));
  return { ...ledger, rows: [...ledger.rows.filter(({ secret }) => !changed.has(secret)), ...rows] };
}

/** A ledger with those rows of the one before it, too, that it has no more. */
export function keepRowsOf(before: Ledger, next: Ledger): Ledger {
  const groups = next.groups.map((ledger) => {
    const old = before.groups.find(({ group }) => group === ledger.group);
    if (!old || old.rows === ledger.rows) return ledger;
    const kept = new Set(ledger.rows.map(({ secret }) => secret));
    return { ...ledger, rows: [...ledger.rows, ...old.rows.filter(({ secret }) => !kept.has(secret))] };
  });
  return { ...next, groups };
}

/** How far somebody on the roster is. */
export type RowState = 'waiting' | 'invited' | 'expired' | 'answered' | 'admitted' | 'leaving';

export function rowStateOf(member: RosterMember, row: LedgerRow, now: number): RowState {
  if (member.removed) return 'leaving';
  if (member.place !== undefined) return 'admitted';
  if (!isInvited(member) || row.answered) return 'answered';
  if (row.expires === undefined) return 'waiting';
  return row.expires <= now ? 'expired' : 'invited';
}
