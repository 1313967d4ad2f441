// The queue of those who help to make proving keys, which they do in public
import { bigint, check, integer, pgSchema, sql, text, uniqueIndex } from '#db/drizzle.cjs';
import { hex32Column, is32Bytes } from '../columns.ts';

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
