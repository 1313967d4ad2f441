// What was signed. No key leads from here to `membership`, where it stands who may sign. Whoever holds this database must not learn
// from it who signed or when: no table has an address, a name before its reveal, or a fine time.
import { bigint, boolean, check, foreignKey, index, integer, pgSchema, primaryKey, smallint, sql, text, unique } from '#db/drizzle.cjs';
import type { Checkpoint } from '#lib/protocol/board/checkpoint.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Permit } from '#lib/protocol/permit/permit.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { bytesColumn, canonicalColumn, fieldColumn, hex32Column, is32Bytes } from '../columns.ts';

/** How many lines a record has before its last, and their hash: the same in every copy, whenever it was written. SPEC §12.1. */
export type StoredSeal = { lines: number; hash: string };

/** Since when (Unix seconds) a board is one that was put back from a copy, and which trustees have shown since that they know no more. */
export type PutBack = { since: number; heard: number[] };

export const board = pgSchema('board');

export const statements = board.table(
  'statements',
  {
    id: hex32Column().primaryKey(),
    /** The order in which statements came: a cursor for lists. */
    position: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity().unique('statements_position'),
    /** Its hash is the id. */
    body: canonicalColumn<Statement>().notNull(),
    /** The headers of its rolls. */
    headers: canonicalColumn<RollHeader[]>().notNull(),
    trustees: smallint().notNull(),
    /** On whose behalf it was opened: a member's or the account's of that group; null in those from before anybody asked. */
    openedBy: text({ enum: ['member', 'account'] }),
    openedFor: hex32Column(),
    openBy: bigint({ mode: 'number' }).notNull(),
    /** Deadline + grace. */
    destroyAt: bigint({ mode: 'number' }).notNull(),
    /** The cursor of its newest message; none is ever given out twice. */
    messages: integer().notNull().default(0),
    /** Trustees that have shown a checkpoint that this board lacks: what they vouched for has been lost. */
    lostBy: canonicalColumn<number[]>(),
    /** Null for a board that has always been here. */
    putBack: canonicalColumn<PutBack>(),
    /** Whether the time is over and everything has been erased that did not become public. */
    isErased: boolean().notNull().default(false),
    /** What identifies the record: written once nothing can come to it any more. */
    recordSeal: canonicalColumn<StoredSeal>(),
  },
  (t) => [
    is32Bytes('statements_bytes', t.id),
    check('statements_size', sql`octet_length(${t.body}) <= 65536`),
    check(
      'statements_opened',
      sql`(${t.openedBy} is null) = (${t.openedFor} is null) and ${t.openedBy} in ('member', 'account') and octet_length(${t.openedFor}) = 32`,
    ),
    index('statements_open_by').on(t.openBy),
    index('statements_ending').on(t.destroyAt).where(sql`not ${t.isErased}`),
    index('statements_unsealed').on(t.position).where(sql`${t.isErased} and ${t.recordSeal} is null`),
  ],
);

/** By what members opened statements, or sent drafts: for the committee alone, until a day after the week. Each slot is used once. */
export const permits = board.table(
  'permits',
  {
    nullifier: fieldColumn().primaryKey(),
    statement: hex32Column().notNull().unique('permits_statement'),
    week: integer().notNull(),
    body: canonicalColumn<Permit>().notNull(),
  },
  (t) => [
    is32Bytes('permits_bytes', t.nullifier, t.statement),
    check('permits_size', sql`octet_length(${t.body}) <= 4096`),
    index('permits_week').on(t.week),
  ],
);

/** Statements that wait for an issuer's approval; their permits lie in `permits`. */
export const drafts = board.table(
  'drafts',
  {
    /** The id that it will have. */
    id: hex32Column().primaryKey(),
    /** Whose issuer decides. */
    groupId: hex32Column().notNull(),
    /** Its hash is the id. */
    body: canonicalColumn<Statement>().notNull(),
    headers: canonicalColumn<RollHeader[]>().notNull(),
    openBy: bigint({ mode: 'number' }).notNull(),
    /** Of its permit: with that, the draft goes. */
    week: integer().notNull(),
  },
  (t) => [
    is32Bytes('drafts_bytes', t.id, t.groupId),
    check('drafts_size', sql`octet_length(${t.body}) <= 65536`),
    index('drafts_group').on(t.groupId),
  ],
);

/** What issuers have refused, and why, for everybody. */
export const refusals = board.table(
  'refusals',
  {
    /** The id of the draft, whose text is gone. */
    statement: hex32Column().primaryKey(),
    groupId: hex32Column().notNull(),
    reason: text().notNull(),
    /** Unix seconds at the beginning of the day. */
    day: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [
    is32Bytes('refusals_bytes', t.statement, t.groupId),
    check('refusals_day', sql`${t.day} % 86400 = 0`),
    index('refusals_group').on(t.groupId, t.day),
  ],
);

/**
 * Which life of this database it is: cursors that were given out in another one mean nothing. `home` is where it was when the epoch was
 * made; a database that has been put back finds itself elsewhere and makes another. One row.
 */
export const epochs = board.table(
  'epochs',
  { only: boolean().primaryKey().default(true), epoch: hex32Column().notNull(), home: text().notNull() },
  (t) => [is32Bytes('epochs_bytes', t.epoch), check('epochs_one', sql`${t.only}`)],
);

/** Which groups and rolls a statement names, so that the statements of one are found without reading all. */
export const statementGroups = board.table(
  'statement_groups',
  {
    groupId: hex32Column().notNull(),
    roll: hex32Column().notNull(),
    /** Of the statement in the list of all. */
    position: bigint({ mode: 'number' }).notNull(),
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
  },
  (t) => [
    primaryKey({ columns: [t.groupId, t.position] }),
    is32Bytes('statement_groups_bytes', t.groupId, t.roll),
    index('statement_groups_roll').on(t.roll),
  ],
);

/** Which trustee keys a statement's committee names. */
export const committeeMembers = board.table(
  'committee_members',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    trustee: smallint().notNull(),
    key: hex32Column().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.statement, t.trustee] }),
    unique('committee_members_key').on(t.key, t.statement),
    is32Bytes('committee_members_bytes', t.key),
    check('committee_members_place', sql`${t.trustee} between 1 and 16`),
  ],
);

export const checkpoints = board.table(
  'checkpoints',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    number: integer().notNull(),
    hash: hex32Column().notNull(),
    /** The signed checkpoint. */
    body: canonicalColumn<Checkpoint>().notNull(),
    /** The listed hashes in order, 32 bytes each. */
    listed: bytesColumn().notNull(),
    /** The number of the first checkpoint of its segment. SPEC §13.1. */
    segment: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.statement, t.number] }),
    unique('checkpoints_hash').on(t.statement, t.hash),
    // Where segments begin: to list thousands of checkpoints by segments reads a few rows.
    index('checkpoints_segments').on(t.statement, t.number).where(sql`${t.number} = ${t.segment}`),
    is32Bytes('checkpoints_bytes', t.hash),
    check('checkpoints_number', sql`${t.number} >= 1`),
    check('checkpoints_segment', sql`${t.segment} between 1 and ${t.number}`),
    check('checkpoints_listed', sql`octet_length(${t.listed}) % 32 = 0`),
  ],
);

export const entries = board.table(
  'entries',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    nullifier: fieldColumn().notNull(),
    action: text({ enum: ['sign', 'withdraw'] }).notNull(),
    groupId: hex32Column().notNull(),
    hash: hex32Column().notNull(),
    /** What hides the entry in the lists, and its listed hash. */
    salt: hex32Column().notNull(),
    listed: hex32Column().notNull(),
    body: canonicalColumn<Entry>().notNull(),
    /** What the receipt promises, Unix seconds, rounded to the schedule of checkpoints. */
    publishBy: bigint({ mode: 'number' }).notNull(),
    /** The checkpoint that holds it; null while it waits. */
    checkpoint: integer(),
  },
  (t) => [
    // One signature and one withdrawal a person and statement.
    primaryKey({ columns: [t.statement, t.nullifier, t.action] }),
    unique('entries_hash').on(t.statement, t.hash),
    unique('entries_listed').on(t.statement, t.listed),
    foreignKey({
      name: 'entries_checkpoint',
      columns: [t.statement, t.checkpoint],
      foreignColumns: [checkpoints.statement, checkpoints.number],
    }),
    is32Bytes('entries_bytes', t.nullifier, t.hash, t.groupId, t.salt, t.listed),
    check('entries_action', sql`${t.action} in ('sign', 'withdraw')`),
    index('entries_waiting').on(t.statement).where(sql`${t.checkpoint} is null`),
    index('entries_of_checkpoint').on(t.statement, t.checkpoint),
  ],
);
