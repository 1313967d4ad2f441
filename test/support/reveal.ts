import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { firstPlace, listOf, type MixPlace, type MixSetting, type MixStep, makeStep, mixHash } from '#lib/protocol/reveal/mix.ts';
import { mixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { type ChainEnd, makeOpening, type Opening } from '#lib/protocol/reveal/opening.ts';
import { startLists, type Wave } from '#lib/protocol/reveal/wave-content.ts';
import { followBoard } from '#lib/server/board/follower.ts';
import { loadWaveEntries } from '#lib/server/board/wave-entries.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { acceptMessageBytes } from '#lib/server/messages/accept-bytes.ts';
import type { OpenStatement, TestPlatform } from './platform.ts';
import { systemRandom } from './world.ts';

/** A wave as a trustee sees it: what it starts from and what it is bound to. */
export async function settingOf({ ctx }: TestPlatform, { context, key }: OpenStatement, number = 1): Promise<MixSetting> {
  const { waves } = await followBoard(ctx, context, key.keyed);
  const due = waves[number - 1];
  if (!due?.wave) throw new Error('the wave is not due');
  const entries = await loadWaveEntries(ctx.db, context.id, due.wave);
  const groupOf = groupsOf(due.wave);
  const start = startLists(
    due.wave,
    entries.map(({ nullifier, ephemeral, sealed, said }, i) => ({
      hash: groupOf[i]!.hash,
      group: said.group,
      nullifier,
      ephemeral,
      sealed,
    })),
  );
  if (!start.ok) throw new Error(start.code);
  return { statement: context.id, key: key.keyed.key, wave: number, content: due.content, start: start.value };
}

function groupsOf(wave: Wave): { hash: string }[] {
  return wave.groups.flatMap(({ entries }) => entries.map((hash) => ({ hash })));
}

/** Makes steps one after the other, by these trustees. */
export function mixBy(setting: MixSetting, authors: readonly Author[], random: Random = systemRandom): MixStep[] {
  const steps: MixStep[] = [];
  let place: MixPlace = firstPlace(setting);
  for (const author of authors) {
    const step = makeStep(author, setting, place, random);
    steps.push(step);
    place = { step: place.step + 1, previous: mixHash(step.mix), inputs: step.lists.map(listOf) };
  }
  return steps;
}

export function stepBytes(step: MixStep): Uint8Array {
  return new TextEncoder().encode(
    mixLines(step)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/** The end of a chain, as whoever has verified it knows it. */
export function endOf({ statement, wave, content }: MixSetting, chain: readonly MixStep[]): ChainEnd {
  const last = chain.at(-1) as MixStep;
  return { statement, wave, content, mix: mixHash(last.mix), lists: last.lists.map(listOf) };
}

/** What a trustee publishes to open a chain. */
export function openingOf({ key }: OpenStatement, setting: MixSetting, chain: readonly MixStep[], trustee: number, lead = true): Opening {
  const author = key.authors[trustee - 1] as Author;
  return makeOpening(author, key.keyed, key.shares[trustee - 1]!, endOf(setting, chain), lead, systemRandom);
}

/** Has k trustees mix a due wave and hands their steps in. */
export async function mixWave(platform: TestPlatform, open: OpenStatement, mixers: readonly number[], number = 1) {
  const setting = await settingOf(platform, open, number);
  const chain = mixBy(
    setting,
    mixers.map((trustee) => open.key.authors[trustee - 1] as Author),
  );
  for (const step of chain) await acceptMessageBytes(platform.ctx, open.context.id, stepBytes(step));
  return { setting, chain };
}

/** The whole reveal of a wave. */
export async function revealByTrustees(
  platform: TestPlatform,
  open: OpenStatement,
  mixers: readonly number[],
  openers: readonly number[],
  number = 1,
) {
  const { setting, chain } = await mixWave(platform, open, mixers, number);
  for (const trustee of openers) await acceptMessage(platform.ctx, open.context.id, openingOf(open, setting, chain, trustee));
  return { setting, chain };
}
