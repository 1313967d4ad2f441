import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOpening, revealName } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { describeShares } from '#lib/trustee/describe-shares.ts';
import { createDisk } from '#lib/trustee/disk.ts';
import { readIdentity } from '#lib/trustee/keystore.ts';
import { isTrusteeLog, makeTrusteeLog, trusteeLogShape } from '#lib/trustee/trustee-log.ts';
import { type Actor, runRounds, type Stage, setStage } from './stage.ts';

describe('a committee of three that behaves', () => {
  let stage: Stage;
  let actors: Actor[];
  const filesOf = (actor: Actor) => readdirSync(path.join(actor.folder, 'statements', stage.context.id)).sort();

  beforeAll(async () => {
    stage = await setStage();
    actors = [await stage.start(1), await stage.start(2), await stage.start(3)];
    await runRounds(actors);
  });
  afterAll(() => stage.close());

  it('makes a key, keeps one scalar each, and erases polynomial and sealing key (T24)', () => {
    expect(stage.keyed().verificationKeys).toHaveLength(3);
    for (const actor of actors) {
      expect(filesOf(actor)).toEqual(['journal.json', 'key.json', 'share.json', 'statement.json']);
      const share = readFileSync(path.join(actor.folder, 'statements', stage.context.id, 'share.json'), 'utf8');
      expect(Object.keys(JSON.parse(share) as object).sort()).toEqual(['destroyAt', 'share', 'transcript', 'version']);
    }
  });

  it('stays sealed below the trigger (T10): a checkpoint is cosigned by all and nothing is opened', async () => {
    await stage.sign(0);
    stage.board.publish(stage.context.id);
    await runRounds(actors, 2);
    expect(stage.messagesOf('cosignature').map(({ trustee, number }) => [trustee, number])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(stage.messagesOf('opening')).toEqual([]);
  });

  it('opens at the trigger exactly the names that signed, once the checkpoint is final', async () => {
    await stage.sign(2);
    stage.board.publish(stage.context.id);
    await actors[0]?.trustee.runRound();
    expect(stage.messagesOf('opening')).toEqual([]); // one cosignature of the two that make it final
    await runRounds(actors, 2);
    const openings = stage.messagesOf('opening');
    expect(openings.map(({ trustee, wave }) => [trustee, wave]).sort()).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    const entries = stage.board.board(stage.context.id).flatMap((shown) => shown.entries);
    const items = entries
      .map(({ nullifier, ephemeral }) => ({ nullifier, ephemeral }))
      .sort((a, b) => (BigInt(a.nullifier) < BigInt(b.nullifier) ? -1 : 1));
    const wave = { number: 1, checkpoint: openings[0]?.checkpoint ?? '', items };
    const cleared = openings.slice(0, 2).map((opening) => {
      const checked = checkOpening(stage.context.id, stage.keyed(), wave, opening);
      if (!checked.ok) throw new Error(checked.code);
      return checked.value;
    });
    const names = items.map((item, i) => {
      const entry = entries.find(({ nullifier }) => nullifier === item.nullifier);
      return revealName(stage.context.scope, { nullifier: item.nullifier, ciphertext: entry?.ciphertext ?? [] }, i, cleared);
    });
    expect(names).toHaveLength(2);
    expect(names).toEqual(expect.arrayContaining([{ name: 'Ann Example' }, { name: 'Chloé Exemple' }]));
  });

  it('tells its operator which shares it holds, without showing them', async () => {
    const lines = await describeShares(createDisk(actors[1]?.folder ?? ''));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${stage.context.id}  keyed  trustee 2 of 3, 2 open  checkpoint 2  destroyed at 2027-`);
  });

  it('destroys every share at deadline and grace, says so, opens nothing more, and remembers the statement (T12)', async () => {
    stage.clock.now = destructionTime(stage.context.statement);
    for (const { trustee } of actors) await trustee.eraseDue();
    for (const actor of actors) expect(filesOf(actor)).not.toContain('share.json');
    await runRounds(actors, 2);
    expect(stage.messagesOf('destroyed').map(({ trustee, time }) => [trustee, time])).toEqual([1, 2, 3].map((n) => [n, stage.clock.now]));
    for (const actor of actors) expect(filesOf(actor)).toEqual(['journal.json', 'statement.json']);

    const before = stage.board.posted.length;
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(stage.board.posted).toHaveLength(before);
    expect(filesOf(again)).toEqual(['journal.json', 'statement.json']);
  });

  it('publishes a signed list of the statements that it keyed, also after destruction', async () => {
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
    expect(log).not.toMatch(/Ann|Chloé|Sailors|fair/);
    for (const { entries } of stage.board.board(stage.context.id))
      for (const { nullifier } of entries) expect(log).not.toContain(nullifier);
  });
});
