// Two schemas with no key between them: `membership` knows who may sign, `board` what was signed. A third, `ceremony`, has
// the queue of those who help to make proving keys, which they do in public. Whoever holds this
// database must not learn from it who signed or when: no table has an address, a name before its reveal, or a fine time.
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgSchema,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Checkpoint } from '#lib/protocol/board/checkpoint.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { MixList } from '#lib/protocol/reveal/mix.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import type { Wave } from '#lib/protocol/reveal/wave-content.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { bytesColumn, canonicalColumn, fieldColumn, hex32Column } from './columns.ts';

/** How many lines a record has before its last, and their hash: the same in every copy, whenever it was written. SPEC §12.1. */
export type StoredSeal = { lines: number; hash: string };

const is32Bytes = (name: string, ...columns: AnyPgColumn[]) =>
  check(
    name,
    columns.map((column): SQL => sql`octet_length(${column}) = 32`).reduce((all, one) => sql`${all} and ${one}`),
  );

export const membership = pgSchema('membership');

/** An account that may keep groups. It is not the issuer's key, which the platform never holds. */
export const issuers = membership.table('issuers', {
  id: uuid().primaryKey().defaultRandom(),
  /** How the account signs in; unique, so that the same way always leads to the same account. */
  signIn: text().notNull().unique('issuers_sign_in'),
});

/** The one-time link that signs an issuer in, by the hash of its token: there until it is used, too old, or another is made. */
export const signInLinks = membership.table(
  'sign_in_links',
  {
    token: hex32Column().primaryKey(),
    /** Unix seconds. */
    expiresAt: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [is32Bytes('sign_in_links_bytes', t.token)],
);

/** Sessions of issuers, by the hash of what the cookie carries: a cookie without its row signs nobody in. */
export const sessions = membership.table(
  'sessions',
  {
    token: hex32Column().primaryKey(),
    issuer: uuid()
      .notNull()
      .references(() => issuers.id),
    /** Unix seconds. */
    expiresAt: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [is32Bytes('sessions_bytes', t.token), index('sessions_issuer').on(t.issuer)],
);

export const groups = membership.table(
  'groups',
  {
    /** `groupId`: the hash of issuer key and name. */
    id: hex32Column().primaryKey(),
    issuer: uuid()
      .notNull()
      .references(() => issuers.id),
    issuerKey: hex32Column().notNull(),
    name: text().notNull(),
    /** The time that the issuer's claim bears, Unix seconds. */
    claimedAt: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [is32Bytes('groups_bytes', t.id, t.issuerKey), index('groups_issuer').on(t.issuer)],
);

export const rolls = membership.table(
  'rolls',
  {
    /** `rollHash` of the header. */
    hash: hex32Column().primaryKey(),
    groupId: hex32Column()
      .notNull()
      .references(() => groups.id),
    number: integer().notNull(),
    size: integer().notNull(),
    /** The signed header. */
    header: canonicalColumn<RollHeader>().notNull(),
    /** See `encodeRollFile`. */
    file: bytesColumn().notNull(),
    /** The hashes of the roll's capsules in the order of their file, 32 bytes each. */
    names: bytesColumn().notNull(),
    /** The capsule file; gone once the roll is neither the newest of its group nor named by a statement that runs. */
    capsules: bytesColumn(),
  },
  (t) => [
    is32Bytes('rolls_bytes', t.hash),
    check('rolls_names', sql`octet_length(${t.names}) = 32 * ${t.size}`),
    check('rolls_number', sql`${t.number} >= 1 and ${t.size} >= 1`),
    // A group has one history: no two rolls with one number.
    unique('rolls_history').on(t.groupId, t.number),
  ],
);

/** All nodes of the newest roll of a group, so that the next one is not hashed whole; a roll can be checked without them. */
export const rollTrees = membership.table(
  'roll_trees',
  {
    groupId: hex32Column()
      .primaryKey()
      .references(() => groups.id),
    /** The roll that it is the tree of. */
    roll: hex32Column()
      .notNull()
      .references(() => rolls.hash),
    /** See `encodeTree`. */
    nodes: bytesColumn().notNull(),
  },
  (t) => [is32Bytes('roll_trees_bytes', t.groupId, t.roll)],
);

export const invitations = membership.table(
  'invitations',
  {
    /** `enrolmentTicket`: the hash of an id that only the holder of the link can form. */
    ticket: hex32Column().primaryKey(),
    groupId: hex32Column()
      .notNull()
      .references(() => groups.id),
    state: text({ enum: ['invited', 'accepted', 'enrolled'] })
      .notNull()
      .default('invited'),
    /** Present only between the member's answer and the roll that takes it in. */
    enrolmentId: hex32Column(),
    ciphertext: bytesColumn(),
  },
  (t) => [
    is32Bytes('invitations_bytes', t.ticket),
    check('invitations_state', sql`${t.state} in ('invited', 'accepted', 'enrolled')`),
    check(
      'invitations_sealed',
      sql`(${t.state} = 'accepted') = (${t.enrolmentId} is not null) and (${t.state} = 'accepted') = (${t.ciphertext} is not null)`,
    ),
    index('invitations_group').on(t.groupId),
  ],
);

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
    openBy: bigint({ mode: 'number' }).notNull(),
    /** Deadline + grace. */
    destroyAt: bigint({ mode: 'number' }).notNull(),
    /** The cursor of its newest message; none is ever given out twice. */
    messages: integer().notNull().default(0),
    /** Trustees that have shown a checkpoint that this board lacks: what they vouched for has been lost. */
    lostBy: canonicalColumn<number[]>(),
    /** Whether the time is over and everything has been erased that did not become public. */
    isErased: boolean().notNull().default(false),
    /** What identifies the record: written once nothing can come to it any more. */
    recordSeal: canonicalColumn<StoredSeal>(),
  },
  (t) => [
    is32Bytes('statements_bytes', t.id),
    check('statements_size', sql`octet_length(${t.body}) <= 65536`),
    index('statements_open_by').on(t.openBy),
    index('statements_ending').on(t.destroyAt).where(sql`not ${t.isErased}`),
    index('statements_unsealed').on(t.position).where(sql`${t.isErased} and ${t.recordSeal} is null`),
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

/** Everything that a trustee says, in the order of its life. */
export const MESSAGE_TYPES = ['commit', 'deal', 'complaint', 'confirm', 'cosignature', 'mix', 'opening', 'destroyed'] as const;

export const trusteeMessages = board.table(
  'trustee_messages',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    /** Rising within the statement: a reader that has come to one has seen all before it. */
    cursor: integer().notNull(),
    type: text({ enum: MESSAGE_TYPES }).notNull(),
    trustee: smallint().notNull(),
    /** What it is about, where a trustee may send several: the dealer, the number of the checkpoint, the number of the wave. */
    slot: bigint({ mode: 'number' }).notNull().default(0),
    /** The hash that its author signed (SPEC §1.7): of two messages with one hash either stands for both. */
    hash: hex32Column().notNull(),
    /** Of a cosignature the checkpoint, of a step the step before, of an opening the last step of the chain. */
    subject: hex32Column(),
    /** Of a step its place in its chain. */
    step: smallint(),
    /** Kept only to show its author's fault: a contradicting message, a step or an opening that does not hold. */
    evidence: boolean().notNull().default(false),
    /** When it came, Unix seconds: the time on its receipt. */
    receivedAt: bigint({ mode: 'number' }).notNull(),
    body: canonicalColumn<TrusteeMessage>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.statement, t.cursor] }),
    is32Bytes('trustee_messages_bytes', t.hash),
    check('trustee_messages_type', sql`${t.type} in (${sql.raw(MESSAGE_TYPES.map((type) => `'${type}'`).join(', '))})`),
    check('trustee_messages_place', sql`${t.trustee} between 1 and 16 and ${t.cursor} >= 1`),
    check('trustee_messages_subject', sql`(${t.type} in ('cosignature', 'mix', 'opening')) = (${t.subject} is not null)`),
    check('trustee_messages_step', sql`(${t.type} = 'mix') = (${t.step} is not null)`),
    unique('trustee_messages_hash').on(t.statement, t.hash),
    // One message of a kind counts, whatever contradicts it; a trustee may open several chains of a wave, but each of them once.
    uniqueIndex('trustee_messages_one')
      .on(t.statement, t.type, t.trustee, t.slot)
      .where(sql`not ${t.evidence} and ${t.type} not in ('mix', 'opening')`),
    uniqueIndex('trustee_messages_opening')
      .on(t.statement, t.trustee, t.slot, t.subject)
      .where(sql`not ${t.evidence} and ${t.type} = 'opening'`),
    index('trustee_messages_about').on(t.statement, t.type, t.trustee, t.slot),
    index('trustee_messages_waves').on(t.statement, t.slot).where(sql`${t.type} in ('mix', 'opening')`),
  ],
);

/** The lists of steps, which are long: a step names them by hash. Those of steps that did not become public are erased at the end. */
export const mixLists = board.table(
  'mix_lists',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    /** `mixListHash`. */
    hash: hex32Column().notNull(),
    /** The list with its proof. */
    body: canonicalColumn<MixList>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.statement, t.hash] }), is32Bytes('mix_lists_bytes', t.hash)],
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

/** Waves that are due: what opens together follows from final checkpoints, which never change. */
export const waves = board.table(
  'waves',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    number: integer().notNull(),
    /** The checkpoint that calls for it. */
    checkpoint: integer().notNull(),
    /** W, the hash of the wave. */
    content: hex32Column().notNull(),
    /** The hashes of its entries. Gone when the time is over and it was not opened. */
    body: canonicalColumn<Wave>(),
    /** The last step of the chain by which it was opened. */
    openedBy: hex32Column(),
  },
  (t) => [
    primaryKey({ columns: [t.statement, t.number] }),
    foreignKey({
      name: 'waves_checkpoint',
      columns: [t.statement, t.checkpoint],
      foreignColumns: [checkpoints.statement, checkpoints.number],
    }),
    is32Bytes('waves_bytes', t.content),
    check('waves_number', sql`${t.number} >= 1`),
    check('waves_opened', sql`${t.openedBy} is null or ${t.body} is not null`),
  ],
);

/** The entries of opened waves: public, and no table tells any more in which checkpoint they stood. */
export const openedEntries = board.table(
  'opened_entries',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    wave: integer().notNull(),
    hash: hex32Column().notNull(),
    body: canonicalColumn<Entry>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.statement, t.hash] }),
    index('opened_entries_wave').on(t.statement, t.wave),
    is32Bytes('opened_entries_bytes', t.hash),
  ],
);

/**
 * The names of a wave by group, once k trustees have opened one chain of it; computed from the record and kept because that takes a
 * while.
 */
export const revealedNames = board.table(
  'revealed_names',
  {
    statement: hex32Column()
      .notNull()
      .references(() => statements.id),
    wave: integer().notNull(),
    groupId: hex32Column().notNull(),
    /** The line of the record. */
    body: canonicalColumn<Names>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.statement, t.wave, t.groupId] })],
);

export const ceremony = pgSchema('ceremony');

/** Places in the queue of a setup ceremony: they are gone soon after. What was contributed lies in the ceremony's folder. */
export const ceremonyPlaces = ceremony.table(
  'places',
  {
    /** The order of the queue. */
    number: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Hash of the ceremony's description. */
    ceremony: hex32Column().notNull(),
    /** Hash of what the browser tab shows to be the one that has the place. */
    token: hex32Column().notNull().unique('places_token'),
    state: text({ enum: ['waiting', 'called', 'contributing', 'checking', 'accepted', 'refused'] })
      .notNull()
      .default('waiting'),
    /** When the place is given up, Unix seconds. */
    expiresAt: bigint({ mode: 'number' }).notNull(),
    /** Of an accepted place: which contribution it became. */
    position: integer(),
    /** Of a refused one: why, in words. */
    reason: text(),
  },
  (t) => [
    is32Bytes('places_bytes', t.ceremony, t.token),
    check('places_state', sql`${t.state} in ('waiting', 'called', 'contributing', 'checking', 'accepted', 'refused')`),
    check(
      'places_end',
      sql`(${t.state} = 'accepted') = (${t.position} is not null) and (${t.state} = 'refused') = (${t.reason} is not null)`,
    ),
    // One turn at a time.
    uniqueIndex('places_one_turn').on(t.ceremony).where(sql`${t.state} in ('called', 'contributing', 'checking')`),
  ],
);
