import 'server-only';
import { alias, and, eq, exists, gt, isNotNull, isNull, notExists, or, sql } from '#db/drizzle.cjs';
import { statementGroups, statements } from '#db/schema/board.ts';
import { rolls } from '#db/schema/membership.ts';
import { revealedNames, waves } from '#db/schema/reveal.ts';
import type { Context } from '../context.ts';

/**
 * Erases the capsules of rolls that are neither the newest of their group nor named by a statement that runs, or whose opened names
 * are still to be read (T62): whoever learned a token could find its member in them. SPEC §11.
 */
export async function eraseCapsules({ db }: Context): Promise<void> {
  const newer = alias(rolls, 'newer');
  const unnamed = db
    .select({ one: sql`1` })
    .from(waves)
    .leftJoin(revealedNames, and(eq(revealedNames.statement, waves.statement), eq(revealedNames.wave, waves.number)))
    .where(and(eq(waves.statement, statements.id), isNotNull(waves.openedBy), isNull(revealedNames.wave)));
  const named = db
    .select({ one: sql`1` })
    .from(statementGroups)
    .innerJoin(statements, eq(statements.id, statementGroups.statement))
    .where(and(eq(statementGroups.roll, rolls.hash), or(eq(statements.isErased, false), exists(unnamed))));
  const followed = db
    .select({ one: sql`1` })
    .from(newer)
    .where(and(eq(newer.groupId, rolls.groupId), gt(newer.number, rolls.number)));
  await db
    .update(rolls)
    .set({ capsules: null })
    .where(and(isNotNull(rolls.capsules), exists(followed), notExists(named)));
}
