// What trustees say
import { bigint, boolean, check, index, integer, primaryKey, smallint, sql, text, unique, uniqueIndex } from '#db/drizzle.cjs';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { MixList } from '#lib/protocol/reveal/mix.ts';
import { canonicalColumn, hex32Column, is32Bytes } from '../columns.ts';
import { board, statements } from './board.ts';

/** Everything that a trustee says, in the order of its life. */
const MESSAGE_TYPES = ['commit', 'deal', 'complaint', 'confirm', 'cosignature', 'mix', 'opening', 'destroyed'] as const;

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
