// Steps of a mix, made and verified. A permutation exists only while a step is made; the disk gets the finished step alone (T53).
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { ChainStep } from '#lib/protocol/reveal/chain.ts';
import { type Mix, type MixStep, mixHash, signMix } from '#lib/protocol/reveal/mix.ts';
import { parseMixHead } from '#lib/protocol/reveal/mix-lines.ts';
import type { BoardView } from './board-view.ts';
import { logAbout, type TrusteeContext, warnAbout } from './context.ts';
import { authorOf, type Duty } from './duty.ts';
import { mayOpen } from './duty-policy.ts';
import type { InputsText } from './jobs.ts';
import { mixFile } from './statement-files.ts';
import { type DueContent, entriesOf, noteWave, settingOf, type WaveView } from './wave-view.ts';

/** A wave that is being worked on. */
export type WaveAtWork = { keyed: Keyed; board: BoardView; view: WaveView; due: DueContent };

export function mayGoOn(trustee: TrusteeContext, duty: Duty): () => boolean {
  return () => mayOpen(duty.journal, trustee.now());
}

/** Writes W down, before anything is signed about this number. SPEC §10.6. */
export async function lockWave(trustee: TrusteeContext, duty: Duty, { view, due }: WaveAtWork): Promise<void> {
  await noteWave(trustee.disk, duty.id, view, { type: 'lock', wave: view.number, content: due.content }, trustee.monotonic());
  logAbout(trustee, duty.id, 'WAVE_DUE', `wave ${view.number} is due: ${due.size} signatures`);
}

/** Extends a chain. After a crash before the note the step was never said: another is made, with another permutation. */
export async function mixWave(trustee: TrusteeContext, duty: Duty, work: WaveAtWork, chain: readonly ChainStep[]): Promise<void> {
  const { view, keyed, due } = work;
  const place = { step: chain.length + 1, previous: chain.at(-1)?.hash ?? due.content };
  logAbout(trustee, duty.id, 'MIXING', `wave ${view.number}: mixing as step ${place.step}`);
  const setting = settingOf(duty.id, keyed, view.number, due);
  const inputs = await inputsAfter(trustee, duty, work, place);
  const isWanted = mayGoOn(trustee, duty);
  const count = due.wave.groups.reduce((most, { entries }) => Math.max(most, entries.length), 0);
  const generators = await trustee.work.runWhile(isWanted, 'listGenerators', { count });
  if (generators === null) return;
  const input = { trustee: duty.journal.trustee, setting, place, inputs, generators };
  const made = await trustee.work.runWhile(isWanted, 'shuffle', input);
  if (made === null) return;
  const named = made.map(({ group, hash }) => ({ group, list: hash }));
  const mix = signMix(authorOf(trustee, duty), setting, place, named);
  await keepStep(
    trustee,
    duty,
    view,
    mix,
    made.map(({ line }) => line),
  );
  logAbout(trustee, duty.id, 'MIXED', `wave ${view.number}: mixed as step ${place.step}`);
}

/** Verifies a step of somebody else, once: what was written down as verified is not looked at again. */
export async function verifyStep(trustee: TrusteeContext, duty: Duty, work: WaveAtWork, hash: Hex32): Promise<void> {
  const { view, keyed, due } = work;
  const step = view.steps.get(hash) as MixStep;
  const { trustee: author, step: number } = step.mix;
  const setting = settingOf(duty.id, keyed, view.number, due);
  const inputs = await inputsAfter(trustee, duty, work, step.mix);
  const checked = await trustee.work.runWhile(mayGoOn(trustee, duty), 'checkStep', { ...setting, inputs, step });
  if (checked === null) return;
  view.steps.delete(hash);
  if (!checked.ok) return rejectStep(trustee, duty, view, hash, author, checked.detail);
  await keepStep(trustee, duty, view, step.mix, checked.value);
  logAbout(trustee, duty.id, 'STEP_VERIFIED', `wave ${view.number}: step ${number} of trustee ${author} verified`);
}

export function rejectStep(trustee: TrusteeContext, duty: Duty, view: WaveView, hash: Hex32, author: number, detail = ''): void {
  view.steps.delete(hash);
  view.rejected.add(hash);
  warnAbout(trustee, duty.id, 'BAD_MIX', `BAD_MIX: trustee ${author}, wave ${view.number}${detail ? ` (${detail})` : ''}`);
}

/** What a step shuffles. */
async function inputsAfter(
  trustee: TrusteeContext,
  duty: Duty,
  { view, board, due }: WaveAtWork,
  { step, previous }: Pick<Mix, 'step' | 'previous'>,
): Promise<InputsText> {
  return step === 1 ? { entries: entriesOf(board, due) } : { lines: await linesOf(trustee, duty, view, previous) };
}

/** The lines of the lists of a verified step: as they were verified, or read again from the disk. */
export async function linesOf(trustee: TrusteeContext, duty: Duty, view: WaveView, hash: Hex32): Promise<string[]> {
  const lines = view.lines.get(hash) ?? (await readKeptStep(trustee, duty, view.number, hash)).slice(1);
  view.lines.set(hash, lines);
  return lines;
}

/** The lines of a verified step as it lies on the disk: its mix, then its lists. @throws Error when it is not there whole */
export async function readKeptStep(trustee: TrusteeContext, duty: Duty, wave: number, hash: Hex32): Promise<string[]> {
  const text = await trustee.disk.read(mixFile(duty.id, wave, hash));
  const lines = (text ?? '').split('\n').slice(0, -1);
  const head = parseMixHead(duty.context, lines[0] ?? '');
  if (!head.ok || mixHash(head.value) !== hash || lines.length !== 1 + head.value.lists.length)
    throw new Error(`the step ${hash.slice(0, 12)} of wave ${wave} is not on the disk any more`);
  return lines;
}

/** The step is on the disk before it is noted, and noted before it is sent or built on. */
async function keepStep(trustee: TrusteeContext, duty: Duty, view: WaveView, mix: Mix, lines: string[]): Promise<void> {
  const hash = mixHash(mix);
  const text = [canonicalJson(mix), ...lines].map((line) => `${line}\n`).join('');
  await trustee.disk.write(mixFile(duty.id, view.number, hash), text);
  const { trustee: author, step: number, previous, content, wave } = mix;
  await noteWave(
    trustee.disk,
    duty.id,
    view,
    { type: 'step', wave, content, hash, trustee: author, step: number, previous },
    trustee.monotonic(),
  );
  view.lines.set(hash, lines);
}
