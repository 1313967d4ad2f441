import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyBoard, findEquivocations, headOf, signCheckpoint, signCosignature } from '#lib/protocol/board/board.ts';
import { entryHash } from '#lib/protocol/board/signature.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { type Actor, runRounds, type Stage, setStage, startAll } from './stage.ts';

let stage: Stage;
let actors: Actor[];
const first = () => actors[0] as Actor;
const id = () => stage.context.id;
const publish = () => stage.board.publish(id());
const cosigned = (trustee: number) => stage.messagesOf('cosignature').filter((message) => message.trustee === trustee);
const logFile = () => path.join(first().folder, 'statements', id(), 'board.log');
const advance = () => {
  stage.clock.now += 400; // past every pause that follows a failure
};

beforeEach(async () => {
  stage = await setStage({ seed: 'crash' });
  actors = await startAll(stage);
  await runRounds(actors);
});
afterEach(() => stage.close());

/** Shows another board than the one that is there: the same key, another history. */
function fork(): void {
  const shown = stage.board.board(id());
  const history = shown.splice(0);
  let head = emptyBoard(stage.keyed().transcript);
  for (const { entries } of history) {
    const checkpoint = signCheckpoint(stage.context, head, entries.map(entryHash), stage.clock.now, PLATFORM_SEED);
    shown.push({ checkpoint, entries });
    head = headOf(checkpoint);
  }
}

describe('a platform that lies about the board', () => {
  it('gets no cosignature for a proof that does not hold, and keeps those for what came before', async () => {
    await stage.sign(0);
    publish();
    await stage.sign(1);
    const good = publish();
    const shown = stage.board.board(id());
    const [one, two] = shown.flatMap(({ entries }) => entries);
    if (!one || !two) throw new Error('no entries');
    const bent = { ...two, ciphertext: one.ciphertext };
    shown[1] = {
      checkpoint: signCheckpoint(stage.context, headOf(shown[0]!.checkpoint), [entryHash(bent)], good.time, PLATFORM_SEED),
      entries: [bent],
    };
    await runRounds(actors, 3);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1]);
    expect(first().lines.filter((line) => line.includes('the board is refused'))).toEqual([
      `statement ${id().slice(0, 12)}: the board is refused: BAD_PROOF (a proof of checkpoint 2 does not hold)`,
    ]);
    expect(stage.messagesOf('opening')).toEqual([]);
    shown[1] = { checkpoint: good, entries: [two] };
    advance();
    await runRounds(actors, 2);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1, 2]);
    expect(stage.messagesOf('opening')).toHaveLength(2);
  });

  it('gets no cosignature for a second signature of one person, and recovers when it mends its board', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    expect(first().lines.at(-1)).toContain('the board is refused: ALREADY_SIGNED');
    stage.board.board(id()).pop();
    advance();
    await stage.sign(1);
    publish();
    await runRounds(actors, 2);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('gets no second cosignature of one number when it shows another history, not even after a restart', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    stage.clock.now += 1;
    fork();
    publish();
    await runRounds(actors, 2);
    expect(first().lines.at(-1)).toContain('the board is refused: CHECKPOINT_CHAIN');
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1]);
  });

  it('gets nothing more from one whose own log was lost either: the journal knows what was cosigned', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    stage.clock.now += 1;
    fork();
    await stage.sign(1);
    publish();
    rmSync(logFile());
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(again.lines.join('\n')).toContain('FORKED: the board is not the one that was cosigned before');
    expect(cosigned(1).map(({ number }) => number)).toEqual([1]);
    expect(stage.messagesOf('opening')).toEqual([]);
  });

  it('cannot hide a trustee that cosigned two checkpoints of one number: its own hand names it', async () => {
    await stage.sign(0);
    const one = headOf(publish());
    const seed = stage.committee.seeds[1] as Uint8Array;
    const both = [one, { ...one, hash: 'd'.repeat(64) }].map((head) => signCosignature(stage.context, 2, head, seed));
    await runRounds([first()], 1);
    stage.board.messages(id()).push(...both);
    expect(findEquivocations(stage.messagesOf('cosignature'))).toEqual([2]);
  });
});

describe('a platform that lies about what its board holds where (T9)', () => {
  type Index = { head: number; segments: { from: number; to: number; hash: string }[] };
  type Segment = { checkpoints: unknown[] };
  /** Lies in the index, or in what comes for it. */
  const lie = (index: ((honest: Index) => unknown) | null, segment: ((honest: Segment) => unknown) | null = null) => {
    stage.board.tamper = (place, answer) => {
      if (place.includes('/board?')) return index ? index(answer as Index) : answer;
      return place.includes('/board/') && segment ? segment(answer as Segment) : answer;
    };
  };
  const told = (index: Index) => () => index;
  const hashOf = (number: number) => headOf(stage.board.board(id())[number - 1]!.checkpoint).hash;

  beforeEach(async () => {
    await stage.sign(0);
    for (let number = 1; number <= 5; number++) publish(); // two segments of the loopback platform
  });

  it('gets nothing for an index that skips, repeats, holds back or announces what does not come, and is served when it mends', async () => {
    const lies: [string, ((honest: Index) => unknown) | null, ((honest: Segment) => unknown)?][] = [
      ['BOARD_HEAD', ({ head }) => ({ head, segments: [] })],
      ['CHECKPOINT_NUMBER', told({ head: 5, segments: [{ from: 4, to: 5, hash: hashOf(5) }] })],
      ['BOARD_HEAD', told({ head: 5, segments: [{ from: 1, to: 3, hash: hashOf(2) }] })],
      ['BOARD_HEAD', null, () => ({ checkpoints: [] })],
      ['BOARD_HEAD', null, ({ checkpoints }) => ({ checkpoints: checkpoints.slice(0, -1) })],
      ['CHECKPOINT_NUMBER', null, ({ checkpoints }) => ({ checkpoints: checkpoints.slice(1) })],
      ['CHECKPOINT_NUMBER', null, ({ checkpoints }) => ({ checkpoints: checkpoints.flatMap((one) => [one, one]) })], // the first is good
      ['CHECKPOINT_NUMBER', told({ head: 5, segments: [{ from: 1, to: 3, hash: hashOf(3) }] })],
    ];
    for (const [code, index, segment] of lies) {
      const trustee = await stage.start(1);
      lie(index, segment);
      await runRounds([trustee], 1);
      expect([code, trustee.lines.at(-1)]).toEqual([code, expect.stringContaining(`the board is refused: ${code}`)]);
      advance();
    }
    stage.board.tamper = null;
    await runRounds([await stage.start(1)], 1);
    expect(cosigned(1).at(-1)).toMatchObject({ number: 5 });
  });

  it('has its board read a segment at a time, each asked for once, and a new checkpoint by itself', async () => {
    const asked: string[] = [];
    stage.board.tamper = (place, answer) => {
      if (place.includes('/board')) asked.push(place.split('/board')[1] ?? '');
      return answer;
    };
    await runRounds([first()], 1);
    expect(asked).toEqual(['?after=0', `/1/${hashOf(3)}`, `/4/${hashOf(5)}`]);
    asked.splice(0);
    publish();
    await runRounds([first()], 1);
    expect(asked).toEqual(['?after=5', `/6/${hashOf(6)}`]);
    asked.splice(0);
    await runRounds([first()], 1);
    expect(asked).toEqual(['?after=6']);
  });
});

describe('a platform that answers badly', () => {
  const deep = JSON.parse('['.repeat(900) + ']'.repeat(900)) as unknown;
  const answers = ['', null, [], {}, deep, { messages: 'no', checkpoints: 3, statements: {}, key: 7 }, { error: true }, new Uint8Array(9)];
  it('of any kind and to any question does not stop a trustee', async () => {
    for (const bad of answers) {
      stage.board.tamper = () => bad;
      await runRounds([first()], 2);
      advance();
    }
    await stage.sign(0);
    publish();
    stage.board.tamper = null;
    await runRounds([first()], 2);
    expect(cosigned(1)).toHaveLength(1);
  });

  it('with messages out of order or cursors that stand still is told so and asked again later', async () => {
    stage.board.messages(id()).push(...stage.board.messages(id()));
    stage.board.tamper = (place, answer) =>
      place.includes('/messages?')
        ? {
            ...(answer as object),
            messages: (answer as { messages: { message: unknown }[] }).messages.map(({ message }) => ({ cursor: 1, message })),
          }
        : answer;
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(again.lines.join('\n')).toContain('the platform lists messages out of order');
  });

  it('or shows another key than the pinned one, is given no new statement, while the old ones go on', async () => {
    stage.board.tamper = (place, answer) =>
      place === 'platform' ? { ...(answer as object), key: publicKeyOf(new Uint8Array(32).fill(9)) } : answer;
    await stage.sign(0);
    publish();
    await runRounds([first()], 2);
    expect(first().lines.filter((line) => line.includes('is pinned; no statement is joined'))).toHaveLength(1);
    expect(cosigned(1)).toHaveLength(1);
  });
});
