// Steps of a mix, made and verified. A permutation exists only while a step is made; the disk gets the finished step alone (T53).
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { ChainStep } from '#lib/protocol/reveal/chain.ts';
import {
  checkStep,
  firstPlace,
  listOf,
  type MixPlace,
  type MixSetting,
  type MixStep,
  makeStep,
  mixHash,
  outputsOf,
} from '#lib/protocol/reveal/mix.ts';
import { mixLines, parseMixLines } from '#lib/protocol/reveal/mix-lines.ts';
import type { SealedList } from '#lib/protocol/reveal/shuffle.ts';
import type { BoardView } from './board-view.ts';
import { logAbout, type TrusteeContext, warnAbout } from './context.ts';
import { authorOf, type Duty } from './duty.ts';
import { mayOpen } from './duty-policy.ts';
import { runSteps } from './run-steps.ts';
import { mixFile } from './statement-files.ts';
import { type DueContent, noteWave, settingOf, type WaveView } from './wave-view.ts';

/** A wave that is being worked on. */
export type WaveAtWork = { keyed: Keyed; board: BoardView; view: WaveView; due: DueContent };

export function mayGoOn(trustee: TrusteeContext, duty: Duty): () => boolean {
  return () => mayOpen(duty.journal, trustee.now());
}

/** The setting of a wave, from the entries of the trustee's own board. */
function settingFor(duty: Duty, { keyed, board, view, due }: WaveAtWork): MixSetting {
  return settingOf(duty.id, keyed, board, view.number, due);
}

/** Writes W down, before anything is signed about this number. SPEC §10.6. */
export async function lockWave(trustee: TrusteeContext, duty: Duty, { view, due }: WaveAtWork): Promise<void> {
  await noteWave(trustee.disk, duty.id, view, { type: 'lock', wave: view.number, content: due.content }, trustee.monotonic());
  logAbout(trustee, duty.id, 'WAVE_DUE', `wave ${view.number} is due: ${due.size} signatures`);
}

/** Extends a chain. After a crash before the note the step was never said: another is made, with another permutation. */
export async function mixWave(trustee: TrusteeContext, duty: Duty, work: WaveAtWork, chain: readonly ChainStep[]): Promise<void> {
  const { view } = work;
  logAbout(trustee, duty.id, 'MIXING', `wave ${view.number}: mixing as step ${chain.length + 1}`);
  const setting = settingFor(duty, work);
  const place = await placeAfter(trustee, duty, work, setting, chain.at(-1)?.hash ?? setting.content, chain.length + 1);
  const made = await runSteps(trustee, makeStep(authorOf(trustee, duty), setting, place, trustee.random), mayGoOn(trustee, duty));
  if (made === null || !mayOpen(duty.journal, trustee.now())) return;
  await keepStep(trustee, duty, view, made);
  logAbout(trustee, duty.id, 'MIXED', `wave ${view.number}: mixed as step ${place.step}`);
}

/** Verifies a step of somebody else, once: what was written down as verified is not looked at again. */
export async function verifyStep(trustee: TrusteeContext, duty: Duty, work: WaveAtWork, hash: Hex32): Promise<void> {
  const { view } = work;
  const step = view.steps.get(hash) as MixStep;
  const { trustee: author, previous, step: number } = step.mix;
  const setting = settingFor(duty, work);
  const place = await placeAfter(trustee, duty, work, setting, previous, number);
  const checked = await runSteps(trustee, checkStep(setting, place, step), mayGoOn(trustee, duty));
  if (checked === null || !mayOpen(duty.journal, trustee.now())) return;
  view.steps.delete(hash);
  if (!checked.ok) return rejectStep(trustee, duty, view, hash, author, checked.detail);
  await keepStep(trustee, duty, view, step);
  view.lists.set(hash, outputsOf(checked.value));
  logAbout(trustee, duty.id, 'STEP_VERIFIED', `wave ${view.number}: step ${number} of trustee ${author} verified`);
}

export function rejectStep(trustee: TrusteeContext, duty: Duty, view: WaveView, hash: Hex32, author: number, detail = ''): void {
  view.steps.delete(hash);
  view.rejected.add(hash);
  warnAbout(trustee, duty.id, 'BAD_MIX', `BAD_MIX: trustee ${author}, wave ${view.number}${detail ? ` (${detail})` : ''}`);
}

async function placeAfter(
  trustee: TrusteeContext,
  duty: Duty,
  { view }: WaveAtWork,
  setting: MixSetting,
  previous: Hex32,
  step: number,
): Promise<MixPlace> {
  if (step === 1) return firstPlace(setting);
  return { step, previous, inputs: await listsOf(trustee, duty, view, previous) };
}

/** The lists of a verified step: as they were verified, or read again from the disk. */
export async function listsOf(trustee: TrusteeContext, duty: Duty, view: WaveView, hash: Hex32): Promise<SealedList[]> {
  const known = view.lists.get(hash);
  if (known) return known;
  const { lists } = await readKeptStep(trustee, duty, view.number, hash);
  const read = lists.map(listOf);
  view.lists.set(hash, read);
  return read;
}

/** A verified step as it lies on the disk. @throws Error when it is not there whole */
export async function readKeptStep(trustee: TrusteeContext, duty: Duty, wave: number, hash: Hex32): Promise<MixStep> {
  const text = await trustee.disk.read(mixFile(duty.id, wave, hash));
  const lines = (text ?? '').split('\n').slice(0, -1);
  const read = await runSteps(trustee, parseMixLines(duty.context, lines), () => true);
  if (!read?.ok || mixHash(read.value.mix) !== hash)
    throw new Error(`the step ${hash.slice(0, 12)} of wave ${wave} is not on the disk any more`);
  return read.value;
}

/** The step is on the disk before it is noted, and noted before it is sent or built on. */
async function keepStep(trustee: TrusteeContext, duty: Duty, view: WaveView, step: MixStep): Promise<void> {
  const { mix } = step;
  const hash = mixHash(mix);
  await trustee.disk.write(
    mixFile(duty.id, view.number, hash),
    mixLines(step)
      .map((line) => `${line}\n`)
      .join(''),
  );
  const { trustee: author, step: number, previous, content, wave } = mix;
  await noteWave(
    trustee.disk,
    duty.id,
    view,
    { type: 'step', wave, content, hash, trustee: author, step: number, previous },
    trustee.monotonic(),
  );
}
