import 'server-only';
import { and, eq, max, or } from '#db/drizzle.cjs';
import { findDecisions } from '#db/moderation.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import type { Decision } from '#lib/api/shapes.ts';
import { findKey } from '#lib/proof/manifest.ts';
import type { Blame } from '#lib/protocol/key/complaints.ts';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import { sizeOf } from '#lib/protocol/reveal/wave-content.ts';
import type { StateName } from '#lib/protocol/statement/outcome.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import { leastSignatures, totalOf } from '#lib/protocol/statement/trigger.ts';
import type { FollowedWave } from '../board/follower.ts';
import { isBoardLost } from '../board/loss.ts';
import { listNames } from '../board/reveal-names.ts';
import type { Context } from '../context.ts';
import { type CommitteeMember, describeCommittee, type Evidence, type Part } from './committee.ts';
import { HIDDEN_TEXT } from './hidden-text.ts';
import { loadStatement } from './load.ts';
import { computeOutcome } from './outcome.ts';

/** A wave as far as it is public: before the reveal nobody sees how many names it has. */
export type ShownWave = {
  number: number;
  /** W, the hash of the wave. */
  content: Hex32;
  /** The number of the checkpoint that called for it. */
  checkpoint: number;
  /** Trustees that have made a step that holds, by the number of the step, and those that have opened a chain. */
  mixedBy: { step: number; trustee: number }[];
  openedBy: number[];
  isOpened: boolean;
  /** Names by group, once the wave is open; empty for the moment in which they are read. */
  names: Names[];
  /** How many names it has; null before it is open. */
  size: number | null;
};

/** Everything that the page of a statement shows. */
export type StatementView = {
  id: Hex32;
  statement: Statement;
  context: StatementContext;
  /** By whom it was opened; null in one from before anybody asked. */
  openedBy: OpenedBy | null;
  /** By what the operator has hidden or refused it; null while it is shown. */
  hidden: Decision | null;
  /** In the author's language; of a hidden one, that it is hidden. */
  title: string;
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
  waves: ShownWave[];
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
  const { key, board, counts, state, destroyed } = outcome;
  const [names, said, decided] = await Promise.all([listNames(ctx.db, id), listSaid(ctx, id), findDecisions(ctx.db, [id])]);
  const hidden = decided.get(id) ?? null;
  const destroyedBy = destroyed.map(({ trustee }) => trustee);
  const proving = findKey(ctx.manifest, statement.verificationKey);
  const [text] = statement.text as [Statement['text'][number]];
  return {
    id,
    statement,
    context,
    openedBy: stored.openedBy,
    hidden,
    ...(hidden ? HIDDEN_TEXT : { title: text.title, language: text.language }),
    state,
    key,
    blame: key.status === 'aborted' ? key.blame : [],
    counts: Object.fromEntries(counts),
    live: totalOf(counts),
    needed: leastSignatures(statement.trigger, context.sizes),
    waves: describeWaves(board.waves, said.parts, names),
    committee: describeCommittee(context, { outcome, destroyedBy, ...said }),
    checkpoints: { head: board.head?.number ?? 0, lastTime: board.head?.time ?? null, final: board.final },
    destroyedBy,
    isErased: stored.isErased,
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

/** Waves as pages show them. There may be thousands, so what belongs to each is not looked for again and again. */
export function describeWaves(waves: readonly FollowedWave[], parts: readonly Part[], names: readonly Names[]): ShownWave[] {
  const partsOf = groupByWave(parts);
  const namesOf = groupByWave(names);
  return waves.map((wave) => describeWave(wave, partsOf.get(wave.number) ?? [], namesOf.get(wave.number) ?? []));
}

function groupByWave<T extends { wave: number }>(items: readonly T[]): Map<number, T[]> {
  const byWave = new Map<number, T[]>();
  for (const item of items) {
    const own = byWave.get(item.wave);
    if (own) own.push(item);
    else byWave.set(item.wave, [item]);
  }
  return byWave;
}

function describeWave({ number, content, checkpoint, wave, openedBy }: FollowedWave, own: readonly Part[], names: Names[]): ShownWave {
  const isOpened = openedBy !== null;
  return {
    number,
    content,
    checkpoint,
    mixedBy: own
      .flatMap(({ trustee, step }) => (step === null ? [] : [{ step, trustee }]))
      .sort((a, b) => a.step - b.step || a.trustee - b.trustee),
    openedBy: [...new Set(own.flatMap(({ trustee, step }) => (step === null ? [trustee] : [])))].sort((a, b) => a - b),
    isOpened,
    names,
    size: isOpened && wave ? sizeOf(wave) : null,
  };
}

const FAULTS = { mix: 'BAD_MIX', opening: 'BAD_OPENING' } as const;

/** What trustees said beside the key: the last checkpoint that each cosigned, steps and openings, and proof of faults. */
async function listSaid(ctx: Context, id: Hex32) {
  const { type, trustee, slot, step, evidence } = trusteeMessages;
  const isIts = eq(trusteeMessages.statement, id);
  const [cosigned, said] = await Promise.all([
    ctx.db
      .select({ trustee, number: max(slot) })
      .from(trusteeMessages)
      .where(and(isIts, eq(type, 'cosignature')))
      .groupBy(trustee),
    ctx.db
      .select({ type, trustee, slot, step, evidence })
      .from(trusteeMessages)
      .where(and(isIts, or(eq(type, 'mix'), eq(type, 'opening'), eq(evidence, true))))
      .orderBy(trustee, slot),
  ]);
  const parts = said.filter((row) => !row.evidence).map((row): Part => ({ trustee: row.trustee, wave: row.slot, step: row.step }));
  return {
    cosigned: new Map(cosigned.map((row) => [row.trustee, row.number ?? 0])),
    parts,
    evidence: said
      .filter((row) => row.evidence)
      .map((row): Evidence => ({ trustee: row.trustee, fault: FAULTS[row.type as keyof typeof FAULTS] ?? 'FORKED', number: row.slot })),
  };
}
