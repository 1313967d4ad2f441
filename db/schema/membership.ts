// Who may sign. No key leads from here to `board`, where it stands what was signed.
import { bigint, check, index, integer, pgSchema, primaryKey, sql, text, unique, uuid } from '#db/drizzle.cjs';
import type { KeyEnd } from '#lib/protocol/member/key-end.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { GroupPolicy } from '#lib/protocol/permit/group-policy.ts';
import { bytesColumn, canonicalColumn, domainProofColumns, hex32Column, is32Bytes, isProvedSometime } from '../columns.ts';

export const membership = pgSchema('membership');

/** An account that may keep groups. It is not the issuer's key, which the platform never holds. */
export const issuers = membership.table('issuers', {
  id: uuid().primaryKey().defaultRandom(),
  /** The day on which it came to be, Unix seconds at its beginning. */
  since: bigint({ mode: 'number' }).notNull().default(sql`extract(epoch from current_date)::bigint`),
});

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
  (t) => [is32Bytes('groups_bytes', t.id, t.issuerKey), index('groups_issuer').on(t.issuer), index('groups_by_name').on(t.name, t.id)],
);

/** Nonces of signed requests of issuers' programs, for as long as a copy of the request would be fresh. */
export const issuerRequests = membership.table(
  'issuer_requests',
  {
    key: hex32Column().notNull(),
    nonce: hex32Column().notNull(),
    /** Unix seconds. */
    expiresAt: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ name: 'issuer_requests_once', columns: [t.key, t.nonce] }),
    is32Bytes('issuer_requests_bytes', t.key, t.nonce),
    index('issuer_requests_expiring').on(t.expiresAt),
  ],
);

/** What issuers say of themselves, to everybody, by their keys; and what their domains say of it. */
export const issuerProfiles = membership.table(
  'issuer_profiles',
  {
    key: hex32Column().primaryKey(),
    name: text().notNull(),
    about: text().notNull(),
    contact: text().notNull(),
    /** Empty for none. */
    domain: text().notNull(),
    ...domainProofColumns(),
  },
  (t) => [is32Bytes('issuer_profiles_bytes', t.key), isProvedSometime('issuer_profiles_proof', t)],
);

/** Keys of issuers that have ended: replaced by a successor, or revoked. No row ever goes, and none becomes milder. */
export const endedKeys = membership.table(
  'ended_keys',
  {
    key: hex32Column().primaryKey(),
    /** The order in which they are listed. */
    position: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Unix seconds. */
    at: bigint({ mode: 'number' }).notNull(),
    /** The key's own signed word; null where only the account that keeps its groups has said so, which is a revocation. */
    message: canonicalColumn<KeyEnd>(),
    /** The key that the message names as its successor, by which that one's page finds this row. */
    successor: hex32Column(),
  },
  (t) => [
    is32Bytes('ended_keys_bytes', t.key),
    check('ended_keys_successor', sql`${t.successor} is null or (octet_length(${t.successor}) = 32 and ${t.message} is not null)`),
    unique('ended_keys_position').on(t.position),
    index('ended_keys_successors').on(t.successor),
  ],
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
    /** Members that the roll before did not have, and members of that one that this does not have; null where they were not counted. */
    added: integer(),
    removed: integer(),
    /** The signed header. */
    header: canonicalColumn<RollHeader>().notNull(),
    /** See `encodeRollFile`. Empty, as `names`, where only the header is left: nothing needs the roll any more, or a copy without it was put back. */
    file: bytesColumn().notNull(),
    /** The hashes of the roll's capsules in the order of their file, 32 bytes each. */
    names: bytesColumn().notNull(),
    /** The capsule file; gone once the roll is neither the newest of its group nor named by a statement that runs. */
    capsules: bytesColumn(),
  },
  (t) => [
    is32Bytes('rolls_bytes', t.hash),
    check('rolls_names', sql`octet_length(${t.names}) = case when octet_length(${t.file}) = 0 then 0 else 32 * ${t.size} end`),
    check('rolls_number', sql`${t.number} >= 1 and ${t.size} >= 1`),
    // A group has one history: no two rolls with one number.
    unique('rolls_history').on(t.groupId, t.number),
  ],
);

/** What issuers say of who opens statements for their groups: all of it, so that what holds can be checked. */
export const groupPolicies = membership.table(
  'group_policies',
  {
    groupId: hex32Column()
      .notNull()
      .references(() => groups.id),
    number: integer().notNull(),
    /** The signed message. */
    body: canonicalColumn<GroupPolicy>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.groupId, t.number] }),
    is32Bytes('group_policies_bytes', t.groupId),
    check('group_policies_number', sql`${t.number} >= 1`),
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
    state: text({ enum: ['invited', 'accepted', 'enrolled', 'withdrawn'] })
      .notNull()
      .default('invited'),
    /** Present only between the member's answer and the roll that takes it in. */
    enrolmentId: hex32Column(),
    ciphertext: bytesColumn(),
  },
  (t) => [
    is32Bytes('invitations_bytes', t.ticket),
    check('invitations_state', sql`${t.state} in ('invited', 'accepted', 'enrolled', 'withdrawn')`),
    check(
      'invitations_sealed',
      sql`(${t.state} = 'accepted') = (${t.enrolmentId} is not null) and (${t.state} = 'accepted') = (${t.ciphertext} is not null)`,
    ),
    index('invitations_group').on(t.groupId),
    index('invitations_listed').on(t.groupId, t.ticket),
    index('invitations_answered').on(t.groupId, t.ticket).where(sql`${t.state} = 'accepted'`),
  ],
);
