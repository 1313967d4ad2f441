import 'server-only';
import { and, desc, eq, max, or } from 'drizzle-orm';
import { checkpoints, trusteeMessages } from '#db/schema.ts';
import { findKey } from '#lib/proof/manifest.ts';
import type { Checkpoint } from '#lib/protocol/board/board.ts';
import type { Blame, KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StateName } from '#lib/protocol/statement/outcome.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import { leastSignatures, totalOf } from '#lib/protocol/statement/trigger.ts';
import { listSeals, type Seal } from '../board/count-live.ts';
import { isBoardLost } from '../board/loss.ts';
import { listNames, type Revealed } from '../board/openings.ts';
import type { Context } from '../context.ts';
import { type CommitteeMember, describeCommittee, type Evidence } from './committee.ts';
import { loadStatement } from './load.ts';
import { computeOutcome } from './outcome.ts';

export type WaveView = {
  number: number;
  /** Hash and number of its checkpoint, and when that was published. */
  checkpoint: Hex32;
  checkpointNumber: number;
  time: number;
  size: number;
  /** Empty until k trustees have opened the wave, and for the moment in which the names are computed. */
  names: Revealed[];
  /** Trustees whose opening holds, ascending. */
  openedBy: number[];
};

/** Everything that the page of a statement shows. */
export type StatementView = {
  id: Hex32;
  statement: Statement;
  context: StatementContext;
  /** In the author's language. */
  title: string;
  body: string;
  language: string;
  state: StateName;
  key: KeyState;
  /** Why the key was not made; empty otherwise. */
  blame: Blame[];
  /** Live and opened signatures by group id, on the board so far. */
  counts: Record<Hex32, number>;
  live: number;
  /** The least number of signatures with which the trigger can be met. */
  needed: number;
  /** The same signatures one by one; after the end only those that were opened. */
  seals: Seal[];
  waves: WaveView[];
  committee: CommitteeMember[];
  checkpoints: { head: number; lastTime: number | null; final: number };
  destroyedBy: number[];
  /** Whether what never opened has been erased, as is done after the end. */
  isErased: boolean;
  evidence: Evidence[];
  /** Trustees that vouched for a checkpoint which this board lacks, and whether it can therefore never become final again. */
  lostBy: readonly number[];
  isLost: boolean;
  proving: { verificationKey: Hex32; setup: 'dev' | 'ceremony'; contributors: number };
  /** The time at which all this was so. */
  now: number;
};

/** @throws AppError UNKNOWN_STATEMENT */
export async function getStatementView(ctx: Context, id: string): Promise<StatementView> {
  const stored = await loadStatement(ctx, id);
  const { context } = stored;
  const { statement } = context;
  const outcome = await computeOutcome(ctx, stored);
  const { key, board, openers, counts, state } = outcome;
  const [seals, names, head, said] = await Promise.all([
    listSeals(ctx.db, id, board),
    listNames(ctx.db, id),
    findLastCheckpoint(ctx, id),
    listSaid(ctx, id),
  ]);
  const proving = findKey(ctx.manifest, statement.verificationKey);
  const [text] = statement.text as [Statement['text'][number]];
  return {
    id,
    statement,
    context,
    ...text,
    state,
    key,
    blame: key.status === 'aborted' ? key.blame : [],
    counts: Object.fromEntries(counts),
    live: totalOf(counts),
    needed: leastSignatures(statement.trigger, context.sizes),
    seals,
    waves: board.waves.map((wave, i) => ({
      number: wave.number,
      checkpoint: wave.checkpoint,
      checkpointNumber: wave.checkpointNumber,
      time: wave.time,
      size: wave.items.length,
      names: names.get(wave.number) ?? [],
      openedBy: openers[i] ?? [],
    })),
    committee: describeCommittee(context, { outcome, ...said }),
    checkpoints: { head: head?.number ?? 0, lastTime: head?.time ?? null, final: board.final },
    destroyedBy: said.destroyedBy,
    isErased: outcome.isErased,
    evidence: said.evidence,
    lostBy: stored.lostBy,
    isLost: isBoardLost(stored),
    proving: {
      verificationKey: statement.verificationKey,
      setup: proving?.setup ?? 'dev',
      contributors: proving?.contributions.length ?? 0,
    },
    now: ctx.now(),
  };
}

async function findLastCheckpoint(ctx: Context, id: Hex32): Promise<Checkpoint | undefined> {
  const [row] = await ctx.db
    .select({ body: checkpoints.body })
    .from(checkpoints)
    .where(eq(checkpoints.statement, id))
    .orderBy(desc(checkpoints.number))
    .limit(1);
  return row && (JSON.parse(row.body) as Checkpoint);
}

/** What trustees said beside key and openings: the last checkpoint that each cosigned, destructions, and proof of faults. */
async function listSaid(ctx: Context, id: Hex32) {
  const { type, trustee, slot, evidence } = trusteeMessages;
  const isIts = eq(trusteeMessages.statement, id);
  const [cosigned, said] = await Promise.all([
    ctx.db
      .select({ trustee, number: max(slot) })
      .from(trusteeMessages)
      .where(and(isIts, eq(type, 'cosignature')))
      .groupBy(trustee),
    ctx.db
      .select({ type, trustee, slot, evidence })
      .from(trusteeMessages)
      .where(and(isIts, or(eq(type, 'destroyed'), eq(evidence, true))))
      .orderBy(trustee, slot),
  ]);
  return {
    cosigned: new Map(cosigned.map((row) => [row.trustee, row.number ?? 0])),
    destroyedBy: said.filter((row) => row.type === 'destroyed').map((row) => row.trustee),
    evidence: said
      .filter((row) => row.evidence)
      .map((row): Evidence => ({ trustee: row.trustee, fault: row.type === 'cosignature' ? 'FORKED' : 'BAD_OPENING', number: row.slot })),
  };
}
