// SPEC §10.5 – §10.6: a whole chain checked at one go, as an outsider may. The product checks each step by itself, as it comes.
import { type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { addStep, type ChainSetting, type Chains, checkPlace, createChains } from '#lib/protocol/reveal/chain.ts';
import {
  findBadSteps,
  firstPlace,
  isAtPlace,
  type MixFailure,
  type MixPlace,
  type MixSetting,
  type MixStep,
  outputsOf,
  type ReadStep,
  readStep,
} from '#lib/protocol/reveal/mix.ts';
import type { ChainEnd } from '#lib/protocol/reveal/opening.ts';

/** A step of the chain that fails; `step` counts from 1. */
export type ChainFault = { step: number; code: MixFailure | 'MIX_CHAIN'; detail: string };

/** What is found of a chain. `end` is there when all its k steps could be read, whether their proofs hold or not. */
export type CheckedChain = { faults: ChainFault[]; end: ChainEnd | null };

/**
 * Checks k steps from the entries on, all their proofs as one sum. A step that cannot be read ends the chain: what follows has nothing
 * to stand on. Shapes and signatures have been checked, and so has it that the wave is the one due. SPEC §10.5, §10.6.
 */
export function checkChain(
  setting: MixSetting,
  { threshold, keys }: Omit<ChainSetting, 'content'>,
  steps: readonly MixStep[],
): CheckedChain {
  let chains: Chains = createChains({ content: setting.content, threshold, keys });
  let place: MixPlace = firstPlace(setting);
  const read: ReadStep[] = [];
  for (const [i, step] of steps.entries()) {
    const one = readAtPlace(chains, setting, place, step);
    if (!one.ok) return { faults: [{ step: i + 1, code: one.code, detail: one.detail ?? '' }, ...findUnproven(read)], end: null };
    read.push(one.value);
    const { trustee, previous } = step.mix;
    chains = addStep(chains, { hash: one.value.hash, trustee, step: place.step, previous });
    place = { step: place.step + 1, previous: one.value.hash, inputs: outputsOf(one.value) };
  }
  const { statement, wave, content } = setting;
  const end = read.length === threshold ? { statement, wave, content, mix: place.previous, lists: place.inputs } : null;
  const short = end
    ? []
    : [{ step: read.length + 1, code: 'MIX_CHAIN' as const, detail: `the chain has ${read.length} steps of ${threshold}` }];
  return { faults: [...findUnproven(read), ...short], end };
}

function readAtPlace(chains: Chains, setting: MixSetting, place: MixPlace, step: MixStep): Checked<ReadStep, ChainFault['code']> {
  const { trustee, step: number, previous } = step.mix;
  if (!isAtPlace(setting, place, step.mix)) return refuse('MIX_WAVE', 'the step is not of this place of this wave');
  const placed = checkPlace(chains, { trustee, step: number, previous });
  return placed.ok ? readStep(setting, place, step) : placed;
}

function findUnproven(read: readonly ReadStep[]): ChainFault[] {
  if (read.length === 0) return [];
  const bad: Hex32[] = findBadSteps(read);
  return read.flatMap(({ hash }, i) =>
    bad.includes(hash) ? [{ step: i + 1, code: 'MIX_PROOF' as const, detail: 'a list is not proven to be the one before, shuffled' }] : [],
  );
}
