import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDisk } from '#lib/host/disk.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { BASE, formatPoint, type Scalar } from '#lib/protocol/numbers/point.ts';
import { firstPlace, listOf, type MixPlace, makeStep, mixHash } from '#lib/protocol/reveal/mix.ts';
import { mixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { type ChainEnd, checkOpening, type Opening } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { appendLines } from '#lib/trustee/line-log.ts';
import { createLongWork } from '#lib/trustee/long-work.ts';
import { makePartials, pieceShape } from '#lib/trustee/partials.ts';
import { partialsFile } from '#lib/trustee/statement-files.ts';
import { seeded } from '../circuits/signer.ts';
import type { OnStep } from './crash-points.ts';
import { type LargeStage, setLargeStage } from './large-stage.ts';
import { endOf, settingOf } from './read-names.ts';
import { roomHere } from './room-here.ts';
import type { Actor } from './stage.ts';

/** Two pieces of partial openings. */
const SIZE = 260;
let stage: LargeStage;
let verified: string;
let end: ChainEnd;
let begin: number;

beforeAll(async () => {
  stage = await setLargeStage(SIZE, SIZE, 'large wave');
  await stage.publish(0, SIZE);
  for (const trustee of [2, 3]) await stage.cosign(trustee);
  const setting = settingOf(stage, 1);
  let place: MixPlace = firstPlace(setting);
  for (const author of stage.committee.authors.slice(1, 3)) {
    const step = makeStep(author, setting, place, seeded(`mix ${place.step}`));
    await stage.board.api.postMix(stage.context.id, mixLines(step));
    place = { step: place.step + 1, previous: mixHash(step.mix), inputs: step.lists.map(listOf) };
  }
  end = endOf(stage, 1, place.previous);
  begin = stage.clock.now;
  const dies = (step: string) => {
    if (step.includes('partials')) throw new Error('enough');
  };
  const actor = await stage.start('verified', { onStep: dies });
  await actor.trustee.runRound();
  verified = actor.folder;
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.clock.now = begin;
  // Each story begins before anything of the first trustee's about the wave was said: it would be bound by it.
  stage.board.drop(stage.context.id, ({ type, trustee }) => trustee === 1 && (type === 'opening' || type === 'destroyed'));
});

/** Every story begins on a keystore whose board is verified and whose wave is about to be opened. */
let stories = 0;
const prepare = () => {
  const keystore = `story ${++stories}`;
  const folder = path.join(verified, '..', keystore);
  cpSync(verified, folder, { recursive: true });
  chmodSync(folder, 0o700);
  return { keystore, disk: createDisk(folder) };
};
const filesOf = (actor: Actor) => readdirSync(path.join(actor.folder, 'statements', stage.context.id)).sort();
const since = (before: number) => stage.board.posted.slice(before);
const openingsSince = (before: number) => since(before).filter(({ type }) => type === 'opening');
const isGood = (opening: unknown) => checkOpening(stage.committee.keyed, end, opening as Opening).ok;
const countLines = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0);
const countPieces = () => {
  const counter = { made: 0, onStep: (step: string) => void (step === 'writeFile partials-1-HASH.log' && counter.made++) };
  return counter;
};

describe('a large wave', () => {
  it('is opened though its trustee dies before every single step, and no piece that was on disk is made again', async () => {
    const { keystore } = prepare();
    const before = stage.board.posted.length;
    const survived = new Set<string>();
    let made = 0;
    let deaths = 0;
    for (let isOver = false; !isOver; ) {
      let isDead = false;
      const onStep: OnStep = (label) => {
        const step = `${label} with ${countLines(path.join(verified, '..', keystore, partialsFile(stage.context.id, 1, end.mix)))} pieces`;
        if (!isDead && survived.has(step)) return void (label === 'writeFile partials-1-HASH.log' && made++);
        isDead = true;
        survived.add(step);
        throw new Error('died');
      };
      const actor = await stage.start(keystore, { onStep }).catch(() => null);
      await actor?.trustee.runRound().catch(() => {}); // dying in the middle of a request looks like a platform that is down
      if (isDead) deaths++;
      isOver = !isDead;
    }
    expect(deaths).toBe(survived.size);
    expect(deaths).toBeGreaterThan(20);
    expect(made).toBe(2);
    expect(new Set(openingsSince(before).map((opening) => JSON.stringify(opening))).size).toBe(1);
    expect(openingsSince(before).every(isGood)).toBe(true);
  });

  it.each([
    ['between two pieces', 'sync partials-1-HASH.log', 1],
    ['after the last piece', 'sync partials-1-HASH.log', 2],
    ['while the opening is written', 'sync opening-1-HASH.json.draft', 1],
    ['when the opening is on disk', 'rename partials-1-HASH.log', 1],
  ])('is not opened when the time is over %s: nothing is left of it, and the destruction is signed on time', async (_, label, time) => {
    const { keystore } = prepare();
    const before = stage.board.posted.length;
    const over = destructionTime(stage.context.statement);
    let seen = 0;
    let erasing: Promise<void> | undefined;
    const actor = await stage.start(keystore, {
      onStep: (step) => {
        if (step !== label || ++seen !== time) return;
        stage.clock.now = over;
        setImmediate(() => {
          erasing = actor.trustee.eraseDue(); // as the clock does it, beside the round
        });
      },
    });
    await actor.trustee.runRound();
    await erasing;
    expect(erasing).toBeDefined();
    await actor.trustee.runRound(); // sends what the first could not know of yet
    expect(openingsSince(before)).toEqual([]);
    expect(since(before).at(-1)).toMatchObject({ type: 'destroyed', time: over });
    expect(filesOf(actor)).toEqual(['journal.json', 'receipts.log', 'statement.json']);
  });

  it.each(['share.json', 'partials-1-HASH.log'])(
    'is not said to be beyond opening while %s cannot be erased, only when it is',
    async (file) => {
      const { keystore } = prepare();
      const before = stage.board.posted.length;
      const over = destructionTime(stage.context.statement);
      let isFull = true;
      const actor = await stage.start(keystore, {
        onStep: (step) => {
          if (step === 'sync partials-1-HASH.log') stage.clock.now = over;
          if (isFull && step === `write ${file}.erasing`) throw new Error('no space left'); // as a disk that copies on writing
        },
      });
      for (let round = 0; round < 3; round++) {
        await actor.trustee.eraseDue();
        await actor.trustee.runRound();
        stage.clock.now += 400;
      }
      const said = () => since(before).filter(({ type }) => type === 'opening' || type === 'destroyed');
      expect(said()).toEqual([]);
      expect(actor.lines.at(-1)).toContain('no space left');
      isFull = false;
      await actor.trustee.runRound();
      expect(said()).toMatchObject([{ type: 'destroyed' }]);
      expect(filesOf(actor)).toEqual(['journal.json', 'receipts.log', 'statement.json']);
    },
  );

  it('leaves no half-written opening behind when the disk failed under it and the time is over', async () => {
    const { keystore } = prepare();
    let hasFailed = false;
    const onStep = (step: string) => {
      if (hasFailed || step !== 'rename opening-1-HASH.json.draft') return;
      hasFailed = true;
      stage.clock.now = destructionTime(stage.context.statement);
      throw new Error('a fault of the disk');
    };
    const actor = await stage.start(keystore, { onStep });
    await actor.trustee.runRound();
    expect(filesOf(actor)).toContain(`opening-1-${end.mix}.json.draft`);
    await actor.trustee.eraseDue();
    expect(filesOf(actor).filter((name) => name.includes('opening'))).toEqual([]);
  });

  it('has nothing written of it that was made while the time ran out', async () => {
    const { disk } = prepare();
    const work = createLongWork(roomHere(seeded('late')), async () => {});
    const { statement, wave, content, mix } = end;
    const lines = stage
      .steps()
      .find((step) => mixHash(step.mix) === mix)!
      .lists.map((list) => canonicalJson(list));
    const input = { trustee: 1, share: 5n as Scalar, key: formatPoint(BASE), end: { statement, wave, content, mix, lines } };
    expect(await makePartials({ disk, work }, input, SIZE, () => false)).toBeNull();
    expect(await disk.read(partialsFile(stage.context.id, 1, end.mix))).toBeNull();
  });

  it('is opened from the whole pieces that a dead process left, and what is torn is made again', async () => {
    const { keystore, disk } = prepare();
    const first = countPieces();
    const dies: OnStep = (step) => {
      first.onStep(step);
      if (first.made === 2) throw new Error('died');
    };
    await (await stage.start(keystore, { onStep: dies })).trustee.runRound();
    await disk.append(partialsFile(stage.context.id, 1, end.mix), '0123456789abcdef {"torn');
    await expectOpened(keystore, 1);
  });

  const line = (change: object) => ({
    ...{ statement: stage.context.id, mix: end.mix, from: 0, partials: [formatPoint(BASE)] },
    ...change,
  });
  it.each([
    ['another statement', () => line({ statement: 'ab'.repeat(32) })],
    ['another chain', () => line({ mix: 'cd'.repeat(32) })],
    ['a later place', () => line({ from: 1 })],
    ['no curve', () => line({ partials: [['1', '2']] })],
    ['more signatures than there are', () => line({ partials: Array.from({ length: SIZE + 1 }, () => formatPoint(BASE)) })],
  ])('is opened without stored pieces of %s', async (_, piece) => {
    const { keystore, disk } = prepare();
    await appendLines(disk, partialsFile(stage.context.id, 1, end.mix), pieceShape, [piece()]);
    await expectOpened(keystore, 2);
  });

  it('is not published from stored pieces that are false, but made anew', async () => {
    const { keystore, disk } = prepare();
    await appendLines(disk, partialsFile(stage.context.id, 1, end.mix), pieceShape, [line({})]);
    const before = stage.board.posted.length;
    const actor = await stage.start(keystore);
    await actor.trustee.runRound();
    expect(actor.lines.at(-1)).toContain('the stored part of the opening of wave 1 is false');
    expect(openingsSince(before)).toEqual([]);
    expect(filesOf(actor).filter((name) => name.startsWith('partials'))).toEqual([]);
    stage.clock.now += 10;
    await expectOpened(keystore, 2);
  });

  async function expectOpened(keystore: string, pieces: number): Promise<void> {
    const before = stage.board.posted.length;
    const counter = countPieces();
    const actor = await stage.start(keystore, { onStep: counter.onStep });
    await actor.trustee.runRound();
    expect(openingsSince(before).map(isGood)).toEqual([true]);
    expect(counter.made).toBe(pieces);
    expect(filesOf(actor).filter((name) => name.startsWith('partials'))).toEqual([]);
    const again = countPieces();
    await (await stage.start(keystore, { onStep: again.onStep })).trustee.runRound();
    expect(again.made).toBe(0);
  }
});
