// Who asked members to prove that they are, and answers that only askers can read. No key leads from here to other schemas.
import { bigint, check, index, pgSchema, primaryKey, sql, text } from '#db/drizzle.cjs';
import { SEALED_ANSWER_BYTES } from '#lib/protocol/challenge/answer.ts';
import type { Challenge } from '#lib/protocol/challenge/challenge.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { bytesColumn, canonicalColumn, domainProofColumns, hex32Column, is32Bytes, isProvedSometime } from '../columns.ts';

export const asking = pgSchema('asking');

/** Challenges, signed by their askers. They stay for 30 days after their end: for the answers, and for the count of their key. */
export const challenges = asking.table(
  'challenges',
  {
    id: hex32Column().primaryKey(),
    /** The asker's Ed25519 key. */
    asker: hex32Column().notNull(),
    /** Unix seconds. */
    expires: bigint({ mode: 'number' }).notNull(),
    /** Its hash is the id. */
    body: canonicalColumn<Challenge>().notNull(),
    /** The headers of its rolls. */
    headers: canonicalColumn<RollHeader[]>().notNull(),
    /** The asker's name where it is a domain, and whether that names the asker's key. */
    domain: text(),
    ...domainProofColumns(),
  },
  (t) => [
    is32Bytes('challenges_bytes', t.id, t.asker),
    isProvedSometime('challenges_proof', t),
    check('challenges_size', sql`octet_length(${t.body}) <= 32768`),
    index('challenges_asker').on(t.asker),
    index('challenges_expires').on(t.expires),
  ],
);

/** Which groups a challenge names, so that those of one group are found without reading all. */
export const challengeGroups = asking.table(
  'challenge_groups',
  {
    groupId: hex32Column().notNull(),
    challenge: hex32Column()
      .notNull()
      .references(() => challenges.id),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.challenge] }), is32Bytes('challenge_groups_bytes', t.groupId)],
);

/** Answers that only their asker can read, in the order of their hashes and without a time: nothing tells when each came. */
export const answers = asking.table(
  'answers',
  {
    challenge: hex32Column()
      .notNull()
      .references(() => challenges.id),
    /** `sealedAnswerHash`. */
    hash: hex32Column().notNull(),
    ciphertext: bytesColumn().notNull(),
  },
  (t) => [
    primaryKey({ name: 'answers_pkey', columns: [t.challenge, t.hash] }),
    is32Bytes('answers_bytes', t.hash),
    check('answers_length', sql`octet_length(${t.ciphertext}) = ${sql.raw(String(SEALED_ANSWER_BYTES))}`),
  ],
);
