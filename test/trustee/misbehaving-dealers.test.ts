import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Blame } from '#lib/protocol/key/complaints.ts';
import { makeCommit, makeComplaint } from '#lib/protocol/key/key-generation.ts';
import { judgeKeyGeneration } from '#lib/protocol/key/key-judgement.ts';
import type { Deal } from '#lib/protocol/key/key-messages.ts';
import { formatField, subtractField, toField } from '#lib/protocol/numbers/field.ts';
import { formatPoint, type Point, type PointText, parseCurvePoint } from '#lib/protocol/numbers/point.ts';
import { seeded } from '../circuits/signer.ts';
import { createStatement } from '../support/world.ts';
import { commitTo, createRogue, polynomialOf, type Rogue, resign, SMALL_ORDER } from './rogue.ts';
import { type Actor, runRounds, type Stage, setStage, startAll } from './stage.ts';

let stage: Stage;
let honest: Actor[];
let rogue: Rogue;

beforeEach(async () => {
  stage = await setStage({ seed: 'rogue' });
  honest = await startAll(stage, [1, 2, 4]);
  rogue = createRogue(stage, 3);
});
afterEach(() => stage.close());

const withSmallOrder = (text: PointText) => formatPoint((parseCurvePoint(text) as Point).add(SMALL_ORDER));
const fileOf = (actor: Actor, name: string) => path.join(actor.folder, 'statements', stage.context.id, name);

/** Both honest trustees gave up for good, kept nothing secret, and everybody can see whose fault it was. */
function expectAborted(blame: Blame[]): void {
  expect(judgeKeyGeneration(stage.context, stage.board.keyMessages(stage.context.id))).toEqual({ status: 'aborted', blame });
  expect(stage.messagesOf('confirm').filter(({ trustee }) => trustee !== 3)).toEqual([]);
  for (const actor of honest) for (const name of ['secrets.json', 'share.json']) expect(existsSync(fileOf(actor, name))).toBe(false);
}

describe('key generation with a rogue as trustee 3 (T11)', () => {
  it('names a dealer of a bad share: the cheated one shows the seal, all give up', async () => {
    await rogue.post(rogue.commit());
    await runRounds(honest, 2);
    const deal = rogue.deal();
    const shares = deal.shares.map((share) =>
      share.recipient === 1 ? { ...share, ciphertext: formatField(subtractField(toField(BigInt(share.ciphertext)), toField(1n))) } : share,
    );
    await rogue.post(resign(rogue, deal, { shares } as Partial<Deal>));
    await honest[0]?.trustee.runRound();
    expect(stage.messagesOf('complaint').map(({ trustee, deal: { trustee: dealer } }) => [trustee, dealer])).toEqual([[1, 3]]);
    await runRounds(honest, 2);
    expectAborted([{ trustee: 3, reason: 'BAD_SHARE' }]);
    expect(honest[0]?.lines.join('\n')).toContain('the share dealt by trustee 3 is bad');
    expect(honest[1]?.lines.join('\n')).toContain('key generation aborted, trustee 3: BAD_SHARE');
  });

  it('names a false accuser: the seal that it shows holds a good share', async () => {
    await rogue.post(rogue.commit());
    for (const actor of [...honest, honest[0]!]) await actor.trustee.runRound(); // the last deals last
    const accused = stage.messagesOf('deal').find(({ trustee }) => trustee === 1) as Deal;
    await rogue.post(makeComplaint(rogue.author, rogue.secrets, accused, rogue.random));
    await runRounds(honest, 2);
    expectAborted([{ trustee: 3, reason: 'FALSE_COMPLAINT' }]);
  });

  it('names one who copies the sealing key of another: it cannot prove to have made it', async () => {
    await runRounds(honest, 1);
    const victim = stage.messagesOf('commit')[0];
    if (!victim) throw new Error('no commit');
    await rogue.post(
      resign(rogue, rogue.commit(), { sealingKey: victim.sealingKey, possession: victim.possession, polynomial: victim.polynomial }),
    );
    await runRounds(honest, 2);
    expectAborted([{ trustee: 3, reason: 'BAD_COMMIT' }]);
  });

  it('names one who deals the polynomial of another: its commit was to another, and it does not know the constant', async () => {
    await rogue.post(rogue.commit());
    await runRounds(honest, 2);
    const victim = stage.messagesOf('deal').find(({ trustee }) => trustee === 1) as Deal;
    await rogue.post(resign(rogue, rogue.deal(), { polynomial: victim.polynomial, possession: victim.possession }));
    await runRounds(honest, 2);
    expectAborted([{ trustee: 3, reason: 'BAD_DEAL' }]);
  });

  it('names a sealing key with a small-order part', async () => {
    const commit = rogue.commit();
    await rogue.post(resign(rogue, commit, { sealingKey: withSmallOrder(commit.sealingKey) }));
    await runRounds(honest, 2);
    expectAborted([{ trustee: 3, reason: 'BAD_COMMIT' }]);
  });

  it('names a commitment with a small-order part, though the commit was to the very same', async () => {
    const polynomial = polynomialOf(rogue).map((text, i) => (i === 1 ? withSmallOrder(text) : text));
    await rogue.post(commitTo(rogue, polynomial));
    await runRounds(honest, 2);
    await rogue.post(resign(rogue, rogue.deal(), { polynomial }));
    await runRounds(honest, 2);
    expectAborted([{ trustee: 3, reason: 'BAD_DEAL' }]);
  });

  it('names an ephemeral of a sealed share with a small-order part', async () => {
    await rogue.post(rogue.commit());
    await runRounds(honest, 2);
    const deal = rogue.deal();
    const shares = deal.shares.map((share) => ({ ...share, ephemeral: withSmallOrder(share.ephemeral) }));
    await rogue.post(resign(rogue, deal, { shares }));
    await runRounds(honest, 2);
    expectAborted([{ trustee: 3, reason: 'BAD_DEAL' }]);
  });

  it('takes no deal after the time for it, even from a platform that passes it on, and names who was late', async () => {
    await rogue.post(rogue.commit());
    await runRounds(honest, 2);
    const late = rogue.deal();
    stage.clock.now = stage.context.statement.openBy + 1;
    await expect(rogue.post(late)).rejects.toMatchObject({ code: 'KEYING_OVER' });
    await honest[0]?.trustee.runRound();
    expect(honest[0]?.lines.join('\n')).toContain('key generation aborted, trustee 3: SILENT');
    stage.board.inject(stage.context.id, late);
    await runRounds(honest, 2);
    expect(stage.messagesOf('confirm')).toEqual([]);
    for (const actor of honest) for (const name of ['secrets.json', 'share.json']) expect(existsSync(fileOf(actor, name))).toBe(false);
  });

  it('gives up on a silent trustee when the time is over, and erases before it asks the network', async () => {
    await runRounds(honest, 2);
    stage.clock.now = stage.context.statement.openBy + 1;
    stage.board.down = true;
    await honest[0]?.trustee.eraseDue();
    await startAll(stage, [2, 4]); // a start alone
    for (const actor of honest) expect(existsSync(fileOf(actor, 'secrets.json'))).toBe(false);
    stage.board.down = false;
    await runRounds(honest, 1);
    expect(honest[1]?.lines.join('\n')).toContain('key generation aborted, trustee 3: SILENT');
  });

  it('ignores a message made for another statement, from the platform as from anybody', async () => {
    const { manifest, group, committee } = stage;
    const key = { verificationKey: manifest.current, setup: stage.context.statement.setup };
    const other = createStatement([group], committee, { count: 2 }, { ...key, random: seeded('another nonce') });
    const replayed = makeCommit({ ...rogue.author, context: other }, rogue.secrets, rogue.random);
    await expect(rogue.post(replayed)).rejects.toMatchObject({ code: 'OTHER_STATEMENT' });
    stage.board.inject(stage.context.id, replayed);
    stage.board.inject(stage.context.id, { ...replayed, statement: stage.context.id }); // bent to fit
    await runRounds(honest, 2);
    expect(
      honest[0]?.lines.filter((line) => line.includes('ignored a commit under trustee 3')).map((line) => line.split(': ').at(-1)),
    ).toEqual(['OTHER_STATEMENT', 'TRUSTEE_SIGNATURE']);
    expect(stage.messagesOf('deal')).toEqual([]);
  });

  it('names one who signs two different commits, and all give up', async () => {
    const [first, second] = [rogue.commit(), rogue.commit()];
    for (const commit of [first, second]) stage.board.inject(stage.context.id, commit);
    await runRounds(honest, 2);
    expect(honest[0]?.lines.join('\n')).toContain('WARNING: trustee 3 has signed two different messages of kind commit');
    expectAborted([{ trustee: 3, reason: 'FORKED' }]);
  });

  it('warns when its own key is used elsewhere', async () => {
    await runRounds(honest, 1);
    const copy = createRogue(stage, 1);
    stage.board.inject(stage.context.id, copy.commit());
    await runRounds(honest, 1);
    expect(honest[0]?.lines.join('\n')).toContain("WARNING: a commit by this trustee's own key that this keystore did not make");
  });

  it('never gives up once it has confirmed, and is keyed by n equal confirms though a complaint came first', async () => {
    await rogue.post(rogue.commit());
    await runRounds(honest, 2);
    await rogue.post(rogue.deal());
    await runRounds(honest, 1);
    expect(stage.messagesOf('confirm').map(({ trustee }) => trustee)).toEqual([1, 2, 4]);
    const accused = stage.messagesOf('deal').find(({ trustee }) => trustee === 1) as Deal;
    await rogue.post(makeComplaint(rogue.author, rogue.secrets, accused, rogue.random));
    await runRounds(honest, 2);
    for (const actor of honest) expect(existsSync(fileOf(actor, 'share.json'))).toBe(true);
    await rogue.post(rogue.confirm());
    await runRounds(honest, 2);
    for (const actor of honest) expect(actor.lines.join('\n')).toContain('the key is made');
  });
});
