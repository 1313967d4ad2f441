import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '#lib/host/disk.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { describeStatus } from '#lib/trustee/describe-status.ts';
import { readIdentity } from '#lib/trustee/keystore.ts';
import { isTrusteeLog, makeTrusteeLog, trusteeLogShape } from '#lib/trustee/trustee-log.ts';
import { seeded } from '../circuits/signer.ts';
import { readNames } from './read-names.ts';
import { type Actor, runRounds, type Stage, setStage } from './stage.ts';

describe('a committee of four that behaves', () => {
  let stage: Stage;
  let actors: Actor[];
  /** The files of each trustee at the moment at which it sent its confirm. */
  const whenConfirmed: string[][] = [];
  const filesOf = (actor: Actor) => readdirSync(path.join(actor.folder, 'statements', stage.context.id)).sort();

  beforeAll(async () => {
    stage = await setStage();
    actors = [];
    for (const trustee of [1, 2, 3, 4])
      actors.push(
        await stage.start(trustee, {
          fetch: (url, init) => {
            if (String(init.body).includes('"type":"confirm"')) whenConfirmed.push(filesOf(actors[trustee - 1] as Actor));
            return fetch(url, init);
          },
        }),
      );
    await runRounds(actors);
  });
  afterAll(() => stage.close());

  it('makes a key, keeps one scalar and the capsules each, and erases polynomial and sealing key (T24, T45)', () => {
    expect(stage.keyed().verificationKeys).toHaveLength(4);
    for (const actor of actors) {
      expect(filesOf(actor)).toEqual(['journal.json', 'key.log', 'progress.json', 'receipts.log', 'share.json', 'statement.json']);
      const share = readFileSync(path.join(actor.folder, 'statements', stage.context.id, 'share.json'), 'utf8');
      expect(Object.keys(JSON.parse(share) as object).sort()).toEqual(['destroyAt', 'share', 'transcript', 'version']);
      expect(readdirSync(path.join(actor.folder, 'capsules'))).toEqual([stage.context.statement.rolls[0]!.roll]);
    }
  });

  it('has its share on disk, and its polynomial and sealing key no more, before anybody hears its confirm (T12, T24)', () => {
    expect(whenConfirmed).toHaveLength(4);
    for (const files of whenConfirmed) {
      expect(files).toContain('share.json');
      expect(files).not.toContain('secrets.json');
    }
  });

  it('stays sealed below the trigger (T10): a checkpoint is cosigned by all, and nothing is mixed or opened', async () => {
    await stage.sign(0);
    stage.board.publish(stage.context.id);
    await runRounds(actors, 2);
    expect(stage.messagesOf('cosignature').map(({ trustee, number }) => [trustee, number])).toEqual([1, 2, 3, 4].map((n) => [n, 1]));
    expect([...stage.messagesOf('mix'), ...stage.messagesOf('opening')]).toEqual([]);
  });

  it('opens at the trigger exactly the names that signed, once the checkpoint is final and k have mixed', async () => {
    await stage.sign(2);
    stage.board.publish(stage.context.id);
    await runRounds(actors.slice(0, 2), 1);
    expect(stage.messagesOf('mix')).toEqual([]); // two cosignatures of the three that make it final
    for (let second = 0; second < 6; second++) {
      await runRounds(actors, 1);
      stage.clock.now += 1;
    }
    const mixes = stage.messagesOf('mix');
    expect(mixes.map(({ step }) => step)).toEqual([1, 2]);
    expect(new Set(mixes.map(({ trustee }) => trustee)).size).toBe(2);
    const openings = stage.messagesOf('opening');
    expect(openings.map(({ trustee, lead }) => [trustee, lead]).sort()).toEqual([1, 2, 3, 4].map((n) => [n, true]));
    expect(readNames(stage, 1).sort()).toEqual(['Ann Example', 'Chloé Exemple']);
  });

  it('tells its operator which shares it holds and how far its waves are, and shows no share', async () => {
    const lines = await describeStatus(createDisk(actors[1]?.folder ?? ''));
    expect(lines[0]).toContain(`${stage.context.id}  keyed  trustee 2 of 4, 2 open  checkpoint 2  destroyed at 2027-`);
    expect(lines.slice(1)).toEqual(['  1 wave is open']);
  });

  it('destroys share, bodies, steps and openings at deadline and grace, attests what it saw, and remembers the statement (T12)', async () => {
    stage.clock.now = destructionTime(stage.context.statement);
    for (const { trustee } of actors) await trustee.eraseDue();
    for (const actor of actors)
      expect(filesOf(actor)).toEqual(['journal.json', 'key.log', 'progress.json', 'receipts.log', 'statement.json', 'waves.log']);
    await runRounds(actors, 2);
    const head = stage.messagesOf('cosignature').at(-1)!;
    const content = stage.messagesOf('mix')[0]!.content;
    expect(stage.messagesOf('destroyed')).toMatchObject(
      [1, 2, 3, 4].map((trustee) => ({
        ...{ trustee, time: stage.clock.now, head: { number: 2, checkpoint: head.checkpoint } },
        waves: [{ number: 1, content, opened: true }],
      })),
    );
    for (const actor of actors) {
      expect(filesOf(actor)).toEqual(['journal.json', 'receipts.log', 'statement.json']);
      expect(readdirSync(path.join(actor.folder, 'capsules'))).toEqual([]);
    }
    const before = stage.board.posted.length;
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(stage.board.posted).toHaveLength(before);
  });

  it('publishes a signed list of the statements that it keyed, also after destruction (T23)', async () => {
    const disk = createDisk(actors[2]?.folder ?? '');
    const identity = await readIdentity(disk);
    if (!identity) throw new Error('no identity');
    const log = trusteeLogShape.parse(await makeTrusteeLog(disk, identity, stage.clock.now));
    expect(log.statements).toEqual([{ statement: stage.context.id, transcript: stage.keyed().transcript }]);
    expect(isTrusteeLog(log)).toBe(true);
    expect(isTrusteeLog({ ...log, statements: [] })).toBe(false);
  });

  it('logs ids, numbers and codes, and nothing of people or texts', () => {
    const log = actors.flatMap((actor) => actor.lines).join('\n');
    expect(log).toMatch(/the key is made/);
    expect(log).not.toMatch(/WARNING/);
    expect(log).not.toMatch(/Ann|Chloé|Sailors|fair/);
    for (const { bodies } of stage.board.board(stage.context.id))
      for (const { entry } of bodies) expect(log).not.toContain(entry.nullifier);
  });
});

describe('a trustee of one long-term key', () => {
  it('draws sealing key and polynomial each time: neither follows from the key or the statement (T24, T12)', async () => {
    const commits = [];
    for (const chance of ['one', 'another']) {
      const stage = await setStage({ seed: 'long-term key' });
      await runRounds([await stage.start(1, { random: seeded(chance) })], 2);
      commits.push(...stage.messagesOf('commit'));
      await stage.close();
    }
    const [one, another] = commits;
    expect([commits.length, another?.statement]).toEqual([2, one?.statement]);
    expect(another?.sealingKey).not.toEqual(one?.sealingKey);
    expect(another?.polynomial).not.toBe(one?.polynomial);
  });
});
