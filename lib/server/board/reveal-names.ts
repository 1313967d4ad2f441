import 'server-only';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { entries, revealedNames, trusteeMessages } from '../../../db/schema.ts';
import type { Field } from '../../protocol/field.ts';
import { canonicalJson } from '../../protocol/json.ts';
import type { Opening } from '../../protocol/opening.ts';
import { formatPoint } from '../../protocol/point.ts';
import { type Entry, fieldOf } from '../../protocol/signature.ts';
import type { StatementContext } from '../../protocol/statement.ts';
import type { Context } from '../context.ts';
import { requireKeyed } from '../statements/judge-key.ts';
import { type FollowedWave, followBoard } from './follower.ts';
import { listNames, listOpeners, type Revealed } from './openings.ts';

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

async function computeNames(ctx: Context, context: StatementContext, wave: FollowedWave, trustees: readonly number[]): Promise<Revealed[]> {
  const keyed = await requireKeyed(ctx, context);
  const names = await ctx.threads.run('revealNames', {
    statement: context.id,
    scope: context.scope,
    verificationKeys: keyed.verificationKeys.map(formatPoint),
    wave: { number: wave.number, checkpoint: wave.checkpoint, items: wave.items },
    ciphertexts: await loadCiphertexts(ctx, context.id, wave),
    openings: await loadOpenings(ctx, context.id, wave.number, trustees),
  });
  return wave.items.map((item, i) => ({ nullifier: item.nullifier, group: wave.groups[i] as string, ...(names[i] as { name: string }) }));
}

async function loadCiphertexts(ctx: Context, id: string, wave: FollowedWave): Promise<Entry['ciphertext'][]> {
  const found = new Map<string, Entry['ciphertext']>();
  const nullifiers: Field[] = wave.items.map((item) => fieldOf(item.nullifier));
  for (let start = 0; start < nullifiers.length; start += 5_000) {
    const part = nullifiers.slice(start, start + 5_000);
    const rows = await ctx.db
      .select({ body: entries.body })
      .from(entries)
      .where(and(eq(entries.statement, id), eq(entries.action, 'sign'), inArray(entries.nullifier, part)));
    for (const { body } of rows) {
      const entry = JSON.parse(body) as Entry;
      found.set(entry.nullifier, entry.ciphertext);
    }
  }
  return wave.items.map((item) => found.get(item.nullifier) as Entry['ciphertext']);
}

async function loadOpenings(ctx: Context, id: string, wave: number, trustees: readonly number[]): Promise<Opening[]> {
  const rows = await ctx.db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(
      and(
        eq(trusteeMessages.statement, id),
        eq(trusteeMessages.type, 'opening'),
        eq(trusteeMessages.slot, wave),
        eq(trusteeMessages.evidence, false),
        inArray(trusteeMessages.trustee, [...trustees]),
      ),
    )
    .orderBy(asc(trusteeMessages.trustee));
  return rows.map(({ body }) => JSON.parse(body) as Opening);
}
