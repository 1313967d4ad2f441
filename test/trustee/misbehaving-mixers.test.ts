import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatPoint, type Point, parseCurvePoint, type Scalar, toScalar } from '#lib/protocol/numbers/point.ts';
import { firstPlace, listOf, type MixStep, makeStep, mixHash, mixListHash } from '#lib/protocol/reveal/mix.ts';
import { makeOpening, type Opening } from '#lib/protocol/reveal/opening.ts';
import { shareFileShape } from '#lib/trustee/stored-shapes.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { endOf, readNames, settingOf } from './read-names.ts';
import { createRogue, type Rogue, resign, SMALL_ORDER } from './rogue.ts';
import { type Actor, runSeconds, type Stage, startAll, vouch } from './stage.ts';

let stage: Stage;
let honest: Actor[];
let rogue: Rogue;
let share: Scalar;
const NAMES = ['Ann Example', 'Ben Beispiel'];
const warnings = (actor: Actor) => actor.lines.filter((line) => line.includes('WARNING')).map((line) => line.split('WARNING: ')[1] ?? '');

beforeEach(async () => {
  stage = await setKeyedStage();
  honest = await startAll(stage, [1, 2, 4]);
  rogue = createRogue(stage, 3);
  const kept = path.join(await stage.keystoreOf(3), 'statements', stage.context.id, 'share.json');
  share = toScalar(BigInt(shareFileShape.parse(JSON.parse(readFileSync(kept, 'utf8'))).share));
  for (const member of [0, 1]) await stage.sign(member);
  stage.board.publish(stage.context.id);
});
afterEach(() => stage.close());

/** A first step of the rogue's, made as it should be. */
const mix = () => makeStep(rogue.author, settingOf(stage, 1), firstPlace(settingOf(stage, 1)), rogue.random);
/** A second step of the rogue's on a first one. */
const mixOn = (first: MixStep) =>
  makeStep(rogue.author, settingOf(stage, 1), { step: 2, previous: mixHash(first.mix), inputs: first.lists.map(listOf) }, rogue.random);
/** The same step with another list, signed anew by its author. */
const withItems = (
  { mix: signed, lists }: MixStep,
  change: (text: readonly [string, string], i: number) => readonly [string, string],
): MixStep => {
  const bent = lists.map((list) => ({ ...list, items: list.items.map(([a, c], i) => [change(a as never, i), c] as const) }));
  return { mix: resign(rogue, signed, { lists: bent.map((list) => ({ group: list.group, list: mixListHash(list) })) }), lists: bent };
};
const open = (mixOf: string, lead = true, secret = share): Opening =>
  makeOpening(rogue.author, stage.keyed(), secret, endOf(stage, 1, mixOf), lead, rogue.random);

describe('a trustee that mixes or opens wrongly (T43)', () => {
  it('is named for a step that is not a shuffle of what came in, and the reveal goes on without it', async () => {
    const items = mix();
    await rogue.postMix(withItems(items, (_, i) => items.lists[0]!.items[1 - i]![0] as never));
    await runSeconds(stage, honest, 12);
    expect(warnings(honest[0]!)).toEqual(['BAD_MIX: trustee 3, wave 1 (the step of trustee 3 is not proven)']);
    expect(readNames(stage, 1).sort()).toEqual(NAMES);
    expect(
      stage
        .messagesOf('mix')
        .filter(({ trustee }) => trustee !== 3)
        .every(({ previous }) => previous !== mixHash(stage.messagesOf('mix')[0]!)),
    ).toBe(true);
  });

  it('marks nobody with a small-order part: an honest step after it holds none (T38)', async () => {
    const marked = withItems(mix(), (text, i) =>
      i === 0 ? (formatPoint((parseCurvePoint(text) as Point).add(SMALL_ORDER)) as never) : text,
    );
    await rogue.postMix(marked); // its proof holds no more, so nobody builds on it
    await runSeconds(stage, honest, 12);
    const built = stage.steps().filter(({ mix: step }) => step.trustee !== 3);
    expect(built.length).toBeGreaterThan(1);
    for (const { lists } of built)
      for (const point of lists.flatMap((list) => list.items.flat())) {
        const read = parseCurvePoint(point) as Point;
        expect(read.isTorsionFree()).toBe(true);
      }
    expect(readNames(stage, 1).sort()).toEqual(NAMES);
  });

  it('is named for two steps of one number; a third is not read until somebody builds on it', async () => {
    const steps = [mix(), mix(), mix()] as [MixStep, MixStep, MixStep];
    for (const step of steps) stage.board.inject(stage.context.id, step.mix, step.lists);
    await runSeconds(stage, honest, 12);
    expect(warnings(honest[1]!)).toEqual(['MIX_FORKED: trustee 3, wave 1']);
    expect(honest[1]!.lines.filter((line) => line.includes('step 1 of trustee 3 verified'))).toHaveLength(2);
    expect(readNames(stage, 1).sort()).toEqual(NAMES);
  });

  it('and the third step is taken where another trustee has built on it', async () => {
    const steps = [mix(), mix(), mix()] as [MixStep, MixStep, MixStep];
    for (const step of steps) stage.board.inject(stage.context.id, step.mix, step.lists);
    const author = { ...rogue.author, trustee: 4, seed: stage.committee.seeds[3]! };
    const place = { step: 2, previous: mixHash(steps[2].mix), inputs: steps[2].lists.map(listOf) };
    const second = makeStep(author, settingOf(stage, 1), place, rogue.random);
    await vouch(stage, 4);
    stage.board.inject(stage.context.id, second.mix, second.lists);
    await runSeconds(stage, honest.slice(0, 2), 12);
    expect(honest[0]!.lines.filter((line) => line.includes('step 1 of trustee 3 verified'))).toHaveLength(3);
    expect(honest[0]!.lines.join('\n')).toContain('step 2 of trustee 4 verified');
    expect(readNames(stage, 1).sort()).toEqual(NAMES);
  });

  it('is named for an opening that does not hold, or of another share than its own, and for leading twice (T11, T29)', async () => {
    await runSeconds(stage, honest.slice(0, 2), 1);
    await vouch(stage, 3);
    await runSeconds(stage, honest, 12);
    const [end] = stage.messagesOf('mix').filter(({ step }) => step === 2);
    const last = mixHash(end!);
    const good = open(last);
    const bent = good.lists.map((list) => ({
      ...list,
      partials: list.partials.map((text) => formatPoint((parseCurvePoint(text) as Point).add(SMALL_ORDER))),
    }));
    stage.board.inject(stage.context.id, resign(rogue, good, { lists: bent }));
    stage.board.inject(stage.context.id, open(last, true, toScalar(share + 1n)));
    const other = mix();
    const lead = resign(rogue, good, { mix: mixHash(mixOn(other).mix) });
    stage.board.inject(stage.context.id, lead);
    await runSeconds(stage, honest, 3);
    expect(warnings(honest[0]!).filter((line) => line.startsWith('BAD_OPENING'))).toHaveLength(2);
    expect(warnings(honest[0]!)).toContain('OPENING_FORKED: trustee 3, wave 1');
    expect(readNames(stage, 1).sort()).toEqual(NAMES);
  });

  it('and one of three that is killed stops no reveal', async () => {
    await vouch(stage, 3);
    await runSeconds(stage, honest.slice(0, 2), 12);
    expect(readNames(stage, 1).sort()).toEqual(NAMES);
  });
});
