// What the operator of this platform has hidden, for everybody to read. No key leads from here to other schemas.
import { bigint, check, index, pgSchema, sql, text } from '#db/drizzle.cjs';
import { hex32Column, is32Bytes } from '../columns.ts';

export const moderation = pgSchema('moderation');

/** Every decision, in the order in which they were taken: the newest about a subject holds. A trigger refuses to change or delete any. */
export const decisions = moderation.table(
  'decisions',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text({ enum: ['statement', 'group'] }).notNull(),
    /** The hash of the statement, or the id of the group. It need not be on this platform. */
    subject: hex32Column().notNull(),
    action: text({ enum: ['hide', 'refuse', 'show'] }).notNull(),
    /** For everybody, in plain text. */
    reason: text().notNull(),
    /** Unix seconds at the beginning of the day. */
    day: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [
    is32Bytes('decisions_bytes', t.subject),
    check('decisions_kind', sql`${t.kind} in ('statement', 'group')`),
    check('decisions_action', sql`${t.action} in ('hide', 'show') or (${t.action} = 'refuse' and ${t.kind} = 'statement')`),
    check('decisions_reason', sql`char_length(${t.reason}) between 1 and 500`),
    check('decisions_day', sql`${t.day} % 86400 = 0`),
    index('decisions_subject').on(t.subject, t.id),
  ],
);
