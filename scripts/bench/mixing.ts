import type { Author } from '#lib/protocol/key/key-generation.ts';
import { checkCapsules } from '#lib/protocol/member/capsule.ts';
import { addSecretMultiples, BASE, formatPoint, multiplySecret, type Point, type Scalar } from '#lib/protocol/numbers/point.ts';
import { randomScalars } from '#lib/protocol/numbers/random.ts';
import { pointMeant } from '#lib/protocol/numbers/wire-point.ts';
import { generatorsToCommit } from '#lib/protocol/reveal/generators.ts';
import { checkStep, firstPlace, type MixStep, makeStep, outputsOf } from '#lib/protocol/reveal/mix.ts';
import { checkNames, lookUpNames } from '#lib/protocol/reveal/names.ts';
import { type ChainEnd, checkOpening, makeOpening } from '#lib/protocol/reveal/opening.ts';
import type { SealedList } from '#lib/protocol/reveal/shuffle.ts';
import { takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { processorTimeOf, type Row } from './measure.ts';
import { makeSealedWave, random, type SealedWave } from './sealed-wave.ts';

/** How much more an item of ten times as many may cost than one of a tenth and still grow linearly: caches, and collecting garbage. */
const LINEAR = 1.25;

/** Names that are mixed before anything is measured, so that the smallest size does not pay for what is compiled on the way. */
const WARM_UP = 64;

/** Milliseconds of processor time for one item. */
type Costs = { generators: number; reencrypting: number; making: number; checking: number };

/** What each trustee does for each name, at sizes a hundredfold apart: a step of a mix, its check, and at one size what follows. */
export async function benchMixing(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  await mixOnce(makeSealedWave(WARM_UP));
  let smaller: Costs | null = null;
  for (const size of quick ? [10, 100] : [100, 1_000, 10_000]) {
    say(`sealing ${size} tokens`);
    const wave = makeSealedWave(size);
    say(`mixing ${size} names`);
    const { costs, end } = await mixOnce(wave);
    for (const row of rowsOf(size, costs, smaller)) rows.push(row);
    smaller = costs;
    if (size !== (quick ? 100 : 1_000)) continue;
    for (const row of await benchOpening(wave, end)) rows.push(row);
  }
  return rows;
}

async function mixOnce(wave: SealedWave): Promise<{ costs: Costs; end: ChainEnd }> {
  const { setting, committee } = wave;
  const list = setting.start[0] as SealedList;
  const size = list.items.length;
  const place = firstPlace(setting);
  const reencrypting = await processorTimeOf(() => reencrypt(list, setting.key));
  const generators = await processorTimeOf(() => generatorsToCommit(size));
  let step: MixStep | null = null;
  const making = await processorTimeOf(() => {
    step = makeStep(committee.authors[0] as Author, setting, place, random);
  });
  const made = step as unknown as MixStep;
  let end: ChainEnd | null = null;
  const checking = await processorTimeOf(() => {
    const checked = checkStep(setting, place, made);
    if (!checked.ok) throw new Error(checked.code);
    const { statement, wave: number, content } = setting;
    end = { statement, wave: number, content, mix: checked.value.hash, lists: outputsOf(checked.value) };
  });
  const each = (total: number) => total / size;
  const costs = { generators: each(generators), reencrypting: each(reencrypting), making: each(making), checking: each(checking) };
  return { costs, end: end as unknown as ChainEnd };
}

/** What a mix costs that nobody could check. */
function reencrypt(list: SealedList, key: Point): Point[] {
  const scalars = randomScalars(list.items.length, random);
  return ([BASE, key] as const).flatMap((point, side) =>
    addSecretMultiples(
      list.items.map((item) => item[side] as Point),
      { point, scalars },
    ),
  );
}

function rowsOf(size: number, costs: Costs, smaller: Costs | null): Row[] {
  const all = size.toLocaleString('en');
  /** `aims` are the seconds in which lists of some sizes are to be done. */
  const row = (name: string, what: keyof Costs, first: Row['baseline'], aims: Readonly<Record<number, number>>): Row => {
    const value = costs[what];
    const baseline = smaller ? { name: 'an item of a tenth as many', value: smaller[what] } : first;
    const ratio = value / baseline.value;
    const seconds = (value * size) / 1000;
    const aim = aims[size];
    return {
      name: `${name} of ${all} names, processor time for an item (${seconds.toPrecision(3)} s in all)`,
      unit: 'ms',
      value,
      baseline,
      ratio,
      goal: aim ? `linear, and ${all} in less than ${aim} s` : 'linear',
      holds: smaller ? ratio <= LINEAR && (!aim || seconds < aim) : null,
    };
  };
  const plain = { name: 're-encrypting it, without a proof', value: costs.reencrypting };
  const making = { name: 'making it', value: costs.making };
  return [row('a step of a mix', 'making', plain, { 1000: 10, 10000: 3 }), row('checking a step', 'checking', making, { 1000: 3 })];
}

/** Opening the list that a step has made, checking that, and the names. */
async function benchOpening({ committee, group, context, setting }: SealedWave, end: ChainEnd): Promise<Row[]> {
  const list = end.lists[0] as SealedList;
  const size = list.items.length;
  const [first, second] = committee.authors as [Author, Author];
  const open = (author: Author) => makeOpening(author, committee.keyed, committee.shares[author.trustee - 1] as Scalar, end, true, random);
  const share = committee.shares[0] as Scalar;
  const plain = await processorTimeOf(() => list.items.map(([ephemeral]) => multiplySecret(ephemeral, share)));
  const openings = [open(second)];
  const making = await processorTimeOf(() => openings.unshift(open(first)));
  const cleared = openings.slice(1).map((opening) => check(opening));
  const checking = await processorTimeOf(() => cleared.unshift(check(openings[0] as (typeof openings)[number])));
  function check(opening: (typeof openings)[number]) {
    const checked = checkOpening(committee.keyed, end, opening);
    if (!checked.ok) throw new Error(checked.code);
    return checked.value;
  }
  const file = checkCapsules(group.header, group.capsules);
  if (!file.ok) throw new Error(file.code);
  const place = { statement: context.id, wave: setting.wave };
  const take = () =>
    takeTokens(
      list.items.map(([, sealed]) => pointMeant(sealed)),
      cleared.map(({ trustee, lists }) => ({ trustee, points: lists[0]?.points ?? [] })),
    ).map(formatPoint);
  let names = lookUpNames(file.value, place, []);
  const finding = await processorTimeOf(() => {
    names = lookUpNames(file.value, place, take());
  });
  const judging = await processorTimeOf(() => {
    const checked = checkNames(group.header, take(), names);
    if (!checked.ok) throw new Error(checked.code);
  });
  const of = `of ${size.toLocaleString('en')}`;
  const row = (name: string, value: number, baseline: Row['baseline'], goal: string): Row => ({
    name: `${name}, processor time for an item`,
    unit: 'ms',
    value: value / size,
    baseline: { name: baseline.name, value: baseline.value / size },
    ratio: value / baseline.value,
    goal,
    holds: null,
  });
  return [
    row(`opening a list ${of} as a trustee`, making, { name: 'a single multiplication by the share', value: plain }, ''),
    row(`checking an opening ${of}`, checking, { name: 'making it', value: making }, ''),
    row(`finding the names of ${of.slice(3)} tokens in the capsules of a roll`, finding, { name: 'opening their list', value: making }, ''),
    row(`checking ${of.slice(3)} names against their tokens and the roll`, judging, { name: 'finding them', value: finding }, ''),
  ];
}
