import { chmodSync, cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setKeyedStage } from './keyed-stage.ts';
import { type Actor, runRounds, type Stage, startAll } from './stage.ts';

/** A keystore that was put back, or that lost its view: what its key has signed stands on the platform, and not in its journal. */
describe('T58: a trustee that has forgotten what it signed', () => {
  let stage: Stage;
  let actors: Actor[];
  const id = () => stage.context.id;
  const first = () => actors[0] as Actor;
  beforeEach(async () => {
    stage = await setKeyedStage();
    actors = await startAll(stage);
    await runRounds(actors, 1);
  });
  afterEach(() => stage.close());

  const savedOf = ({ folder }: Actor) => `${folder}.saved`;
  const save = () => {
    for (const actor of actors) cpSync(actor.folder, savedOf(actor), { recursive: true });
  };
  const putBack = async (trustee: number) => {
    const actor = actors[trustee - 1] as Actor;
    rmSync(actor.folder, { recursive: true });
    cpSync(savedOf(actor), actor.folder, { recursive: true });
    chmodSync(actor.folder, 0o700);
    actors[trustee - 1] = await stage.start(trustee);
  };
  const signAndPublish = async (member: number) => {
    await stage.sign(member);
    stage.board.publish(id());
  };
  const passSeconds = async (count: number) => {
    for (let second = 0; second < count; second++) {
      await runRounds(actors, 1);
      stage.clock.now += 1;
    }
  };
  const saidBy = (author: number, type: 'cosignature' | 'mix' | 'opening' | 'commit') =>
    stage
      .messagesOf(type)
      .filter(({ trustee }) => trustee === author)
      .map(({ signature }) => signature);

  it('cosigns no fork of what it cosigned, though it knows of that from the platform alone', async () => {
    save();
    await signAndPublish(0);
    await runRounds(actors, 2);
    const before = saidBy(1, 'cosignature');
    expect(before).toHaveLength(1);
    await putBack(1);
    stage.board.putBack(id(), stage.board.messages(id()).length, 0);
    stage.clock.now += 1;
    await signAndPublish(1); // another checkpoint of the same number
    stage.clock.now += 400;
    await runRounds([first()], 3);
    expect(saidBy(1, 'cosignature')).toEqual(before);
    expect(first().lines.join('\n')).toContain("WARNING: a cosignature by this trustee's own key that this keystore did not make");
  });

  it('mixes and leads no second time in the same place', async () => {
    await signAndPublish(0);
    await signAndPublish(1);
    await runRounds(actors, 1);
    save();
    await passSeconds(6);
    const mixer = stage.messagesOf('mix')[0]!.trustee;
    const before = [saidBy(mixer, 'mix'), saidBy(mixer, 'opening')];
    expect(before.map(({ length }) => length)).toEqual([1, 1]);
    await putBack(mixer);
    await passSeconds(6);
    expect([saidBy(mixer, 'mix'), saidBy(mixer, 'opening')]).toEqual(before);
  });

  it('takes no part a second time in a statement of which its keystore has nothing', async () => {
    rmSync(path.join(first().folder, 'statements'), { recursive: true });
    rmSync(path.join(first().folder, 'platform.json'), { force: true });
    actors[0] = await stage.start(1);
    stage.clock.now += 400;
    await runRounds([first()], 3);
    expect(saidBy(1, 'commit')).toHaveLength(1);
    expect(first().lines.join('\n')).toContain('has spoken about it before, and this keystore does not know');
  });
});
