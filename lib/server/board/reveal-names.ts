import 'server-only';
import { and, eq, inArray } from 'drizzle-orm';
import { entries, revealedNames, trusteeMessages } from '#db/schema.ts';
import { type Entry, fieldOf } from '#lib/protocol/board/signature.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { Opening, WaveItem } from '#lib/protocol/reveal/opening.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { type FollowedWave, followBoard } from './follower.ts';
import { listNames, listOpeners, type Revealed } from './openings.ts';

const SEALS_A_PIECE = 400;

/**
 * Computes the names of every wave that k trustees have opened, once, and keeps them: thousands take seconds. The names are
 * a function of public messages; whoever reads the record computes them again.
 */
export async function revealNames(ctx: Context, context: StatementContext): Promise<void> {
  const { threshold } = context.statement.committee;
  const [{ waves }, openers, known] = await Promise.all([
    followBoard(ctx, context),
    listOpeners(ctx.db, context.id),
    listNames(ctx.db, context.id),
  ]);
  for (const wave of waves) {
    const trustees = openers.get(wave.number) ?? [];
    if (trustees.length < threshold || known.has(wave.number)) continue;
    const names = await computeNames(ctx, context, wave, trustees.slice(0, threshold));
    const row = { statement: context.id, wave: wave.number, names: canonicalJson(names) };
    await ctx.db.insert(revealedNames).values(row).onConflictDoNothing();
  }
}

/** Piece by piece, so that openings and rolls which wait for the same threads come in between. */
async function computeNames(ctx: Context, context: StatementContext, wave: FollowedWave, trustees: readonly number[]): Promise<Revealed[]> {
  const openings: Pick<Opening, 'trustee' | 'partials'>[] = [];
  for (const trustee of trustees) openings.push(await loadOpening(ctx, context.id, wave.number, trustee));
  const names: Revealed[] = [];
  for (let start = 0; start < wave.items.length; start += SEALS_A_PIECE) {
    const end = start + SEALS_A_PIECE;
    const seals = await loadSeals(ctx, context.id, wave.items.slice(start, end));
    const partials = openings.map(({ trustee, partials: points }) => ({ trustee, points: points.slice(start, end) }));
    const found = await ctx.threads.run('openSeals', { scope: context.scope, seals, partials });
    for (const [i, name] of found.entries()) {
      const { nullifier } = seals[i] as { nullifier: string };
      names.push({ nullifier, group: wave.groups[start + i] as string, ...name });
    }
  }
  return names;
}

async function loadSeals(ctx: Context, id: string, items: readonly WaveItem[]): Promise<Pick<Entry, 'nullifier' | 'ciphertext'>[]> {
  const nullifiers: Field[] = items.map((item) => fieldOf(item.nullifier));
  const rows = await ctx.db
    .select({ body: entries.body })
    .from(entries)
    .where(and(eq(entries.statement, id), eq(entries.action, 'sign'), inArray(entries.nullifier, nullifiers)));
  const found = new Map<string, Entry['ciphertext']>();
  for (const { body } of rows) {
    const entry = JSON.parse(body) as Entry;
    found.set(entry.nullifier, entry.ciphertext);
  }
  return items.map(({ nullifier }) => ({ nullifier, ciphertext: found.get(nullifier) as Entry['ciphertext'] }));
}

/** An opening that holds: it was checked when it was taken. */
async function loadOpening(ctx: Context, id: string, wave: number, trustee: number): Promise<Pick<Opening, 'trustee' | 'partials'>> {
  const [row] = await ctx.db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(
      and(
        eq(trusteeMessages.statement, id),
        eq(trusteeMessages.type, 'opening'),
        eq(trusteeMessages.slot, wave),
        eq(trusteeMessages.evidence, false),
        eq(trusteeMessages.trustee, trustee),
      ),
    );
  if (!row) throw new Error('an opening is not there');
  const { partials } = JSON.parse(row.body) as Opening;
  return { trustee, partials };
}
