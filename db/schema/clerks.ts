// Who administers an issuer, and how they sign in.
import { bigint, boolean, check, index, integer, sql, text, unique, uuid } from '#db/drizzle.cjs';
import { bytesColumn, hex32Column, is32Bytes } from '../columns.ts';
import { issuers, membership } from './membership.ts';

/** Who administers an issuer, each with an own way of signing in. No name is kept: a clerk is a number of the issuer, never given twice. */
export const clerks = membership.table(
  'clerks',
  {
    id: uuid().primaryKey().defaultRandom(),
    issuer: uuid()
      .notNull()
      .references(() => issuers.id),
    number: integer().notNull(),
    /** Asked by a mail that was not answered yet, in, or removed. */
    state: text({ enum: ['asked', 'in', 'out'] }).notNull(),
    /** `link` for the operator’s, or `accountOfAddress`; unique, so that the same way always leads to the same account. */
    signIn: text().unique('clerks_sign_in'),
    /** The day on which the clerk was asked, Unix seconds at its beginning. */
    since: bigint({ mode: 'number' }).notNull().default(sql`extract(epoch from current_date)::bigint`),
  },
  (t) => [
    unique('clerks_number').on(t.issuer, t.number),
    check('clerks_state', sql`${t.state} in ('asked', 'in', 'out') and (${t.state} = 'in') = (${t.signIn} is not null)`),
  ],
);

/** Passkeys of clerks (WebAuthn): public keys by the ids of their credentials. */
export const passkeys = membership.table(
  'passkeys',
  {
    id: text().primaryKey(),
    clerk: uuid()
      .notNull()
      .references(() => clerks.id),
    /** COSE. */
    publicKey: bytesColumn().notNull(),
    /** How often it has signed, as it says itself; 0 where it does not count. */
    counter: bigint({ mode: 'number' }).notNull(),
    /** Unix seconds at the beginning of the day. */
    since: bigint({ mode: 'number' }).notNull().default(sql`extract(epoch from current_date)::bigint`),
  },
  (t) => [index('passkeys_clerk').on(t.clerk)],
);

/** Challenges that passkeys have answered, until they would be over. */
export const spentChallenges = membership.table(
  'spent_challenges',
  { hash: hex32Column().primaryKey(), /** Unix seconds. */ expiresAt: bigint({ mode: 'number' }).notNull() },
  (t) => [is32Bytes('spent_challenges_bytes', t.hash)],
);

/** What was changed of an issuer and by whom, for all its clerks. */
export const issuerLog = membership.table(
  'issuer_log',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    issuer: uuid()
      .notNull()
      .references(() => issuers.id),
    /** The clerk's number; null for a program that signs with the issuer's key. */
    clerk: integer(),
    action: text({
      enum: [
        ...(['group-claimed', 'invitations-added', 'invitations-withdrawn', 'roll-published'] as const),
        ...(['key-replaced', 'key-revoked', 'policy-published', 'draft-approved', 'draft-refused'] as const),
        ...(['profile-saved', 'clerk-asked', 'clerk-joined', 'clerk-removed', 'passkey-added', 'passkey-removed'] as const),
      ],
    }).notNull(),
    /** The group that it was about, or null. */
    group: hex32Column(),
    /** How many were added or withdrawn, a roll's number, or that of another clerk. */
    count: integer(),
    /** Unix seconds, at the beginning of the hour: a time to the second would date single invitations. */
    at: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [
    check('issuer_log_group', sql`${t.group} is null or octet_length(${t.group}) = 32`),
    check('issuer_log_hour', sql`${t.at} % 3600 = 0`),
    index('issuer_log_issuer').on(t.issuer, t.id),
  ],
);

/** One-time links that sign an issuer in, by the hashes of their tokens: there until one is used, or they are too old. */
export const signInLinks = membership.table(
  'sign_in_links',
  {
    token: hex32Column().primaryKey(),
    /** The `signIn` of the clerk, who may come to be with the use of the link. */
    signIn: text().notNull(),
    /** Who is asked by it to become a clerk of an issuer that is there; null for a link that only signs in. */
    asks: uuid().references(() => clerks.id),
    /** Unix seconds. */
    expiresAt: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [is32Bytes('sign_in_links_bytes', t.token), index('sign_in_links_account').on(t.signIn)],
);

/** How many mails with links went out in the hour: for a `signIn`, and for all that have no account yet. */
export const mailTurns = membership.table('mail_turns', {
  key: text().primaryKey(),
  /** Unix seconds / 3600. */
  hour: integer().notNull(),
  count: integer().notNull(),
});

/** Sessions of issuers, with the hash of what the cookie carries: a cookie without its row signs nobody in. All times are Unix seconds. */
export const sessions = membership.table(
  'sessions',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** The newest token, and the one before it. See `judgeToken`. */
    token: hex32Column().notNull(),
    previous: hex32Column(),
    rotatedAt: bigint({ mode: 'number' }).notNull(),
    isConfirmed: boolean().notNull(),
    clerk: uuid()
      .notNull()
      .references(() => clerks.id),
    startedAt: bigint({ mode: 'number' }).notNull(),
    expiresAt: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [is32Bytes('sessions_bytes', t.token), index('sessions_clerk').on(t.clerk), index('sessions_expiring').on(t.expiresAt)],
);
