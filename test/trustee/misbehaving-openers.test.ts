import { afterAll, beforeAll, expect, it } from 'vitest';
import { headOf, signCosignature } from '#lib/protocol/board/board.ts';
import { collectShare } from '#lib/protocol/key/key-generation.ts';
import { finishSteps } from '#lib/protocol/messages/steps.ts';
import { formatPoint, type Point, parseCurvePoint, type Scalar, toScalar } from '#lib/protocol/numbers/point.ts';
import { checkOpening, makeOpening, type Opening, revealName, type Wave } from '#lib/protocol/reveal/opening.ts';
import { createView, extendView, judgeCheckpoint } from '#lib/trustee/board-view.ts';
import { createRogue, type Rogue, resign, SMALL_ORDER, sortByTrustee } from './rogue.ts';
import { type Actor, runRounds, type Stage, setStage } from './stage.ts';

let stage: Stage;
let honest: Actor[];
let rogue: Rogue;
let share: Scalar;
let wave: Wave;

beforeAll(async () => {
  stage = await setStage({ seed: 'opener' });
  honest = [await stage.start(1), await stage.start(2)];
  rogue = createRogue(stage, 3);
  await rogue.post(rogue.commit());
  await runRounds(honest, 2);
  await rogue.post(rogue.deal());
  await runRounds(honest, 1);
  await rogue.post(rogue.confirm());
  const collected = collectShare(rogue.author, rogue.secrets, sortByTrustee(stage.messagesOf('deal')));
  if (!collected.ok) throw new Error('bad share');
  share = collected.share;
  for (const member of [0, 1]) await stage.sign(member);
  stage.board.publish(stage.context.id);
  wave = deriveWave();
});
afterAll(() => stage.close());

function deriveWave(): Wave {
  const { context } = stage;
  const view = createView(stage.keyed().transcript);
  for (const { checkpoint, entries } of stage.board.board(context.id)) {
    const judged = finishSteps(judgeCheckpoint(context, stage.keyed(), view.head, { checkpoint, bodies: entries }));
    if (!judged.ok || !extendView(context, view, judged.value).ok) throw new Error('bad board');
  }
  return view.waves[0]?.wave as Wave;
}

const open = () => makeOpening(rogue.author, stage.keyed(), share, wave, rogue.random);
const check = (opening: Opening) => checkOpening(stage.context.id, stage.keyed(), wave, opening);
const namesFrom = (openings: readonly Opening[]) => {
  const cleared = openings.map((opening) => {
    const checked = check(opening);
    if (!checked.ok) throw new Error(checked.code);
    return checked.value;
  });
  const entries = stage.board.board(stage.context.id).flatMap((shown) => shown.entries);
  return wave.items.map(({ nullifier }, i) => {
    const ciphertext = entries.find((entry) => entry.nullifier === nullifier)?.ciphertext ?? [];
    return revealName(stage.context.scope, { nullifier, ciphertext }, i, cleared);
  });
};
const NAMES = [{ name: 'Ann Example' }, { name: 'Ben Beispiel' }];

it('with one of three killed the reveal still comes, and with the third alone nothing would', async () => {
  const cosigned = signCosignature(stage.context, 3, headOf(stage.board.board(stage.context.id)[0]!.checkpoint), rogue.author.seed);
  await rogue.post(cosigned);
  expect(stage.messagesOf('opening')).toEqual([]);
  await runRounds(honest, 3);
  const openings = stage.messagesOf('opening').filter(({ trustee }) => trustee < 3);
  expect(openings).toHaveLength(2);
  expect(namesFrom(openings)).toEqual(expect.arrayContaining(NAMES));
  expect(namesFrom(openings.slice(0, 1))).not.toEqual(expect.arrayContaining([NAMES[0]]));
});

it('a wrong partial opening is found and its author named, and the others open without it (T11)', () => {
  const good = open();
  expect(namesFrom([good, stage.messagesOf('opening')[0] as Opening])).toEqual(expect.arrayContaining(NAMES));
  const partials = good.partials.map((text, i) => (i === 1 ? (good.partials[0] as typeof text) : text));
  expect(check(resign(rogue, good, { partials }))).toEqual({
    ok: false,
    code: 'OPENING_PROOF',
    detail: 'the opening of trustee 3 is not proven',
  });
});

it('an opening with another share than the one behind the verification key is refused, though its proof is made with care', () => {
  const other = makeOpening(rogue.author, stage.keyed(), toScalar(share + 1n), wave, rogue.random);
  expect(check(other)).toMatchObject({ ok: false, code: 'OPENING_PROOF' });
});

it('a partial opening with a small-order part garbles nothing: the part is cleared away, or the opening refused (T29)', () => {
  const good = open();
  const bent = good.partials.map((text) => formatPoint((parseCurvePoint(text) as Point).add(SMALL_ORDER)));
  const naive = resign(rogue, good, { partials: bent });
  const checked = check(naive);
  // The proof is bound to the very points that were published, so bending them afterwards is seen at once …
  expect(checked).toMatchObject({ ok: false, code: 'OPENING_PROOF' });
  // … and whatever a check lets pass is 8 times the point, in which no small-order part is left.
  const cleared = check(good);
  if (!cleared.ok) throw new Error(cleared.code);
  for (const [i, text] of bent.entries()) {
    const eight = (parseCurvePoint(text) as Point).double().double().double();
    expect(formatPoint(eight)).toEqual(formatPoint(cleared.value.points[i] as Point));
  }
});
