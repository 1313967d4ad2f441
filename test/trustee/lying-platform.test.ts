import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../../lib/api/request.ts';
import { emptyBoard, findEquivocations, headOf, signCheckpoint, signCosignature } from '../../lib/protocol/board.ts';
import { publicKeyOf } from '../../lib/protocol/ed25519.ts';
import { entryHash } from '../../lib/protocol/signature.ts';
import { destructionTime, lastCosignTime } from '../../lib/protocol/statement.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { type Actor, runRounds, type Stage, setStage } from './stage.ts';

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
  stage = await setStage({ seed: 'crash', size: 2 });
  actors = [await stage.start(1), await stage.start(2)];
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

describe('time', () => {
  it('forbids cosigning what is first seen too late; the wave of a checkpoint that others made final is opened all the same', async () => {
    await stage.close();
    stage = await setStage({ seed: 'late', size: 3 });
    actors = [await stage.start(1), await stage.start(2), await stage.start(3)];
    await runRounds(actors);
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    await runRounds(actors.slice(1), 2);
    stage.clock.now = lastCosignTime(stage.context.statement) + 1;
    await runRounds([first()], 2);
    expect(cosigned(1)).toEqual([]);
    expect(
      stage
        .messagesOf('opening')
        .map(({ trustee }) => trustee)
        .sort(),
    ).toEqual([1, 2, 3]);
  });

  it('ends openings at deadline and grace, though a wave waits that was never opened', async () => {
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    await first().trustee.runRound(); // not final yet: the other sleeps
    expect(stage.messagesOf('opening')).toEqual([]);
    stage.clock.now = destructionTime(stage.context.statement) - 1;
    const cosignature = signCosignature(
      stage.context,
      2,
      headOf(stage.board.board(id())[0]!.checkpoint),
      stage.committee.seeds[1] as Uint8Array,
    );
    stage.board.messages(id()).push(cosignature);
    stage.clock.now += 1;
    await runRounds([first()], 2);
    expect(stage.messagesOf('opening')).toEqual([]);
    expect(stage.messagesOf('destroyed').map(({ trustee }) => trustee)).toEqual([1]);
  });

  const isOpening = (init: RequestInit) => String(init.body).includes('"type":"opening"');
  /** A first trustee with an opening on its disk that it could not send. */
  const prepareUnsent = async () => {
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    await runRounds([actors[1] as Actor], 1);
    const lose: Fetch = (input, init) => (isOpening(init) ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init));
    const mute = await stage.start(1, { fetch: lose });
    for (let round = 0; round < 3; round++) await mute.trustee.runRound().catch(() => {});
    expect(statSync(path.join(first().folder, 'statements', id(), 'opening-1.json')).size).toBeGreaterThan(0);
  };

  it('ends them also for an opening that lies ready and is being read when the moment comes', async () => {
    await prepareUnsent();
    const end = destructionTime(stage.context.statement);
    const readFile = (async (place: string, encoding: 'utf8') => {
      if (path.basename(place) === 'opening-1.json') stage.clock.now = end;
      return nodeFiles.readFile(place, encoding);
    }) as typeof nodeFiles.readFile;
    let tried = 0;
    const count: Fetch = (input, init) => {
      if (isOpening(init)) tried++;
      return fetch(input, init);
    };
    const late = await stage.start(1, { files: { ...nodeFiles, readFile }, fetch: count });
    await late.trustee.runRound();
    expect([stage.clock.now, tried]).toEqual([end, 0]);
  });

  it('breaks off an opening that is still on its way then, and sends it no more', async () => {
    await prepareUnsent();
    stage.clock.now = destructionTime(stage.context.statement) - 1;
    let tried = 0;
    const drag: Fetch = (input, init) => {
      if (!isOpening(init)) return fetch(input, init);
      tried++;
      return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        setTimeout(() => reject(new TypeError('fetch failed')), 5_000); // a connection that breaks when the time is long over
      });
    };
    const late = await stage.start(1, { fetch: drag });
    await late.trustee.runRound().catch(() => {});
    expect(tried).toBe(1);
  });

  it('destroys the share of a trustee that was down past its time before it asks the network anything', async () => {
    stage.clock.now = destructionTime(stage.context.statement) + 5;
    stage.board.down = true;
    const late = await stage.start(1);
    expect(() => statSync(path.join(late.folder, 'statements', id(), 'share.json'))).toThrow('ENOENT');
    expect(late.lines.join('\n')).toContain('the share is destroyed');
    await expect(late.trustee.runRound()).rejects.toMatchObject({ code: 'NETWORK' });
    stage.board.down = false;
    advance();
    await runRounds([late], 1);
    expect(stage.messagesOf('destroyed')).toMatchObject([{ trustee: 1, time: destructionTime(stage.context.statement) + 5 }]);
  });

  it('destroys it also where nothing else of the statement can be read any more', async () => {
    stage.clock.now = destructionTime(stage.context.statement);
    const folder = path.join(await stage.keystoreOf(1), 'statements', id());
    writeFileSync(path.join(folder, 'statement.json'), '{');
    const late = await stage.start(1);
    expect(late.lines.join('\n')).toContain('WARNING: cannot be served');
    expect(readdirSync(folder)).toContain('journal.json');
    expect(readdirSync(folder)).not.toContain('share.json');
  });
});

describe('a committee with fewer than k at work', () => {
  it('opens nothing: no checkpoint becomes final, and the rest destroy their shares', async () => {
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    await runRounds([first()], 4);
    expect(stage.messagesOf('cosignature')).toHaveLength(1);
    stage.clock.now = destructionTime(stage.context.statement);
    await runRounds([first()], 2);
    expect(stage.messagesOf('opening')).toEqual([]);
    expect(stage.messagesOf('destroyed')).toHaveLength(1);
  });
});

describe('a restart in the middle of a board', () => {
  it('asks only for what is new, checks no proof twice, and comes to the same waves', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    const asked: string[] = [];
    stage.board.tamper = (place, answer) => {
      if (place.includes('/board')) asked.push(place.split('/board')[1] ?? '');
      return answer;
    };
    const again = await stage.start(1);
    await stage.sign(1);
    publish();
    await runRounds([again, actors[1] as Actor], 2);
    const hash = headOf(stage.board.board(id())[1]!.checkpoint).hash;
    expect(asked.slice(0, 2)).toEqual(['?after=1', `/2/${hash}`]); // its own entries, and nothing before them
    expect(new Set(asked.slice(2))).toEqual(new Set(['?after=2', '?after=1', `/2/${hash}`]));
    expect(
      stage
        .messagesOf('opening')
        .map(({ trustee, wave }) => [trustee, wave])
        .sort(),
    ).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('cuts off what a crash has torn from its log, and reads that part again', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    const whole = readFileSync(logFile(), 'utf8');
    appendFileSync(logFile(), whole.slice(0, 200));
    const again = await stage.start(1);
    await runRounds([again], 1);
    expect(readFileSync(logFile(), 'utf8')).toBe(whole);

    appendFileSync(logFile(), whole); // a line that is whole and does not continue the chain
    await runRounds([await stage.start(1)], 1);
    expect(readFileSync(logFile(), 'utf8')).toBe(whole);
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
        ? { messages: (answer as { messages: { message: unknown }[] }).messages.map(({ message }) => ({ cursor: 1, message })) }
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
