import { readdirSync, statSync, writeFileSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '#lib/api/request.ts';
import { destructionTime, lastCosignTime } from '#lib/protocol/statement/statement.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { readNames } from './read-names.ts';
import { type Actor, runRounds, runSeconds, type Stage, startAll, vouch } from './stage.ts';

let stage: Stage;
let actors: Actor[];
const first = () => actors[0] as Actor;
const id = () => stage.context.id;
const publish = () => stage.board.publish(id());
const cosigned = (trustee: number) => stage.messagesOf('cosignature').filter((message) => message.trustee === trustee);
const advance = () => {
  stage.clock.now += 400; // past every pause that follows a failure
};

beforeEach(async () => {
  stage = await setKeyedStage();
  actors = await startAll(stage);
  await runRounds(actors, 1);
});
afterEach(() => stage.close());

describe('time', () => {
  it('keeps a late trustee from vouching first; once k others have, it cosigns, and mixes and opens with them (T56)', async () => {
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    stage.clock.now = lastCosignTime(stage.context.statement) + 1;
    await runRounds([first()], 2);
    expect(cosigned(1)).toEqual([]);
    for (const trustee of [2, 3, 4]) await vouch(stage, trustee);
    await runSeconds(stage, actors, 8);
    expect(cosigned(1)).toHaveLength(1);
    expect(readNames(stage, 1).sort()).toEqual(['Ann Example', 'Ben Beispiel']);
  });

  it('tells a back-dated checkpoint: what was not there long after its date is not cosigned, not after a restart either (T51)', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    const dated = stage.clock.now;
    stage.clock.now += 600 + stage.context.statement.clockSkew + 10;
    await runRounds(actors, 1); // all look, and nothing new is there
    stage.clock.now += 1;
    await stage.sign(1);
    const back = stage.board.sign(id(), stage.board.board(id()), stage.board.take(id()), dated + 1);
    stage.board.board(id()).push(back);
    await runRounds([...actors, await stage.start(1)], 2);
    expect(new Set(stage.messagesOf('cosignature').map(({ number }) => number))).toEqual(new Set([1]));
  });

  it('ends mixing and opening at deadline and grace, though a wave waits that was never opened', async () => {
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    await runRounds(actors.slice(0, 2), 2); // two of the three that make it final
    stage.clock.now = destructionTime(stage.context.statement) - 1;
    await vouch(stage, 3);
    stage.clock.now += 1;
    await runRounds([first()], 2);
    expect([...stage.messagesOf('mix'), ...stage.messagesOf('opening')]).toEqual([]);
    expect(stage.messagesOf('destroyed')).toMatchObject([{ trustee: 1, head: { number: 1 }, waves: [] }]);
  });

  const isOpening = (init: RequestInit) => String(init.body).includes('"type":"opening"');
  const openingFile = () => readdirSync(path.join(first().folder, 'statements', id())).find((name) => name.startsWith('opening-1-'));
  /** A first trustee with an opening on its disk that it could not send. */
  const prepareUnsent = async () => {
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    const lose: Fetch = (input, init) => (isOpening(init) ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init));
    const mute = await stage.start(1, { fetch: lose });
    for (let second = 0; second < 10; second++) {
      await mute.trustee.runRound().catch(() => {});
      await runSeconds(stage, actors.slice(1), 1);
    }
    expect(openingFile()).toBeDefined();
  };

  it('ends them also for an opening that lies ready and is being read when the moment comes', async () => {
    await prepareUnsent();
    const end = destructionTime(stage.context.statement);
    const readFile = (async (place: string, encoding: 'utf8') => {
      if (path.basename(place).startsWith('opening-1-')) stage.clock.now = end;
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
