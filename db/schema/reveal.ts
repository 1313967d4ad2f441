// What opens, and what opened
import { check, foreignKey, index, integer, primaryKey, sql } from '#db/drizzle.cjs';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import type { Wave } from '#lib/protocol/reveal/wave-content.ts';
import { canonicalColumn, hex32Column, is32Bytes } from '../columns.ts';
import { board, checkpoints, statements } from './board.ts';

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
