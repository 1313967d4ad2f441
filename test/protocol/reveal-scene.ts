import type { Author } from '#lib/protocol/key/key-generation.ts';
import { BASE, formatPoint, multiplyPublic, type Point, type Scalar } from '#lib/protocol/numbers/point.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import {
  checkStep,
  firstPlace,
  type MixPlace,
  type MixSetting,
  type MixStep,
  makeStep,
  outputsOf,
  type ReadStep,
} from '#lib/protocol/reveal/mix.ts';
import type { ChainEnd } from '#lib/protocol/reveal/opening.ts';
import { contentOf, createWave, startLists, type WaveEntry } from '#lib/protocol/reveal/wave-content.ts';
import type { KeyCeremony } from '../support/world.ts';

const hash = (i: number) => i.toString(16).padStart(4, '0').repeat(16);

/** Seals a T to a key, as the circuit does. */
function sealToken(T: Point, key: Point, random: Random): Pick<WaveEntry, 'ephemeral' | 'sealed'> {
  const randomness = randomScalar(random);
  return {
    ephemeral: formatPoint(multiplyPublic(BASE, randomness)),
    sealed: formatPoint(T.add(multiplyPublic(key, randomness))),
  };
}

/** A wave of tokens by group, sealed to a key, with made-up hashes and nullifiers: no entry stands behind it. */
export function waveOf(statement: string, key: Point, tokens: ReadonlyMap<string, readonly Point[]>, random: Random, number = 1) {
  let i = 100 * number;
  const groups = [...tokens].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries: WaveEntry[] = groups.flatMap(([group, all]) =>
    all.map((T) => ({ hash: hash(++i), group, nullifier: String(i), ...sealToken(T, key, random) })),
  );
  const byGroup = groups.map(([group]) => ({
    group,
    entries: entries.filter((entry) => entry.group === group).map((entry) => entry.hash),
  }));
  const wave = createWave(statement, { number, checkpoint: hash(number), groups: byGroup });
  const start = startLists(wave, entries);
  if (!start.ok) throw new Error(start.code);
  const setting: MixSetting = { statement, key, wave: number, content: contentOf(wave), start: start.value };
  return { wave, entries, setting };
}

/** A chain of steps by these trustees, made and checked. */
export function mixBy(setting: MixSetting, authors: readonly Author[], random: Random) {
  const steps: MixStep[] = [];
  const read: ReadStep[] = [];
  let place: MixPlace = firstPlace(setting);
  for (const author of authors) {
    const step = makeStep(author, setting, place, random);
    const checked = checkStep(setting, place, step);
    if (!checked.ok) throw new Error(checked.code);
    steps.push(step);
    read.push(checked.value);
    place = { step: place.step + 1, previous: checked.value.hash, inputs: outputsOf(checked.value) };
  }
  const end: ChainEnd = {
    statement: setting.statement,
    wave: setting.wave,
    content: setting.content,
    mix: place.previous,
    lists: place.inputs,
  };
  return { steps, read, end };
}

export const shareOf = (key: KeyCeremony, trustee: number) => key.shares[trustee - 1] as Scalar;
export const authorOf = (key: KeyCeremony, trustee: number) => key.authors[trustee - 1] as Author;
