import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MessageList } from '#lib/api/shapes.ts';
import { emptyBoard, headOf, signCosignature } from '#lib/protocol/board/board.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import { createKeySecrets, makeComplaint, makeConfirm, makeDeal } from '#lib/protocol/key/key-generation.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { makeOpening, type Wave } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { followBoard } from '#lib/server/board/follower.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import { acceptSignature } from '#lib/server/signatures/accept.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { openStatement } from '#lib/server/statements/open.ts';
import {
  inventNames,
  listCheckpoints,
  type OpenStatement,
  openKeyedStatement,
  prepareStatement,
  publishAndCosign,
  publishGroup,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, type KeyCeremony, makeKey, signForReal, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let group: TestGroup;
beforeAll(async () => {
  platform = await startPlatform();
  group = createGroup('Harbour pilots', inventNames(8), systemRandom);
  await publishGroup(platform, group);
});
afterAll(() => platform?.stop());
beforeEach(() => {
  platform.clock.now = START;
});

const refusedWith = (code: string) => expect.objectContaining({ code });

describe('messages of key generation', () => {
  let id: string;
  let key: KeyCeremony;
  const send = (message: unknown) => acceptMessage(platform.ctx, id, message);
  const state = async () => (await getStatementView(platform.ctx, id)).state;
  beforeEach(async () => {
    const { context, committee } = prepareStatement(platform, [group], { count: 3 });
    id = (await openStatement(platform.ctx, context.statement)).id;
    key = makeKey(context, committee, systemRandom);
  });

  it('make the key in whatever order they come within a step, and a repetition changes nothing', async () => {
    for (const step of [key.commits, key.deals, key.confirms]) await Promise.all([...step].reverse().map(send));
    expect(await state()).toBe('open');
    expect(await send(key.deals[0])).toEqual({ isNew: false });
    const { messages: stored } = JSON.parse(await listMessages(platform.ctx, id, { after: 0, epoch: null })) as MessageList;
    expect(stored.map(({ cursor }) => cursor)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are taken only after those that they follow, so that a record never lacks one', async () => {
    await send(key.commits[0]);
    await expect(send(key.deals[0])).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    for (const message of [...key.commits.slice(1), key.deals[0]]) await send(message);
    await expect(send(key.confirms[0])).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    const about = makeComplaint(key.authors[2]!, key.secrets[2]!, key.deals[1]!, systemRandom);
    await expect(send(about)).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
  });

  it('are loaded once for judging one more beside them', async () => {
    for (const commit of key.commits) await send(commit);
    let loads = 0;
    const transaction: TestPlatform['ctx']['db']['transaction'] = (run) =>
      platform.ctx.db.transaction((tx) => {
        const select = tx.select.bind(tx) as (fields?: object) => unknown;
        const counted = (fields?: object) => {
          if (fields && 'body' in fields) loads++;
          return select(fields);
        };
        return run(Object.assign(tx, { select: counted }) as typeof tx);
      });
    const db = Object.assign(Object.create(platform.ctx.db) as TestPlatform['ctx']['db'], { transaction });
    expect(await acceptMessage({ ...platform.ctx, db }, id, key.deals[0])).toEqual({ isNew: true });
    expect(loads).toBe(1);
  });

  it('are one of a kind: another one by the same trustee is refused', async () => {
    for (const commit of key.commits) await send(commit);
    await send(key.deals[0]);
    const author = key.authors[0]!;
    const other = makeDeal(author, createKeySecrets(2, systemRandom), key.commits, systemRandom);
    await expect(send(other)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    const both = await Promise.allSettled([key.deals[1], makeDeal(key.authors[1]!, key.secrets[1]!, key.commits, systemRandom)].map(send));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are refused from strangers, for other statements and with anything changed', async () => {
    const [commit] = key.commits as [KeyCeremony['commits'][number]];
    await expect(send({ ...commit, trustee: 2 })).rejects.toEqual(refusedWith('TRUSTEE_SIGNATURE'));
    await expect(send({ ...commit, trustee: 9 })).rejects.toEqual(refusedWith('UNKNOWN_TRUSTEE'));
    await expect(send({ ...commit, statement: 'ab'.repeat(32) })).rejects.toEqual(refusedWith('OTHER_STATEMENT'));
    await expect(send({ ...commit, more: 1 })).rejects.toEqual(refusedWith('BAD_SHAPE'));
    await expect(acceptMessage(platform.ctx, 'ab'.repeat(32), commit)).rejects.toEqual(refusedWith('UNKNOWN_STATEMENT'));
  });

  it('that come too late abort the statement and name the silent', async () => {
    for (const commit of key.commits.slice(0, 2)) await send(commit);
    platform.clock.now = 1_800_001_001;
    await expect(send(key.commits[2])).rejects.toEqual(refusedWith('KEYING_OVER'));
    const view = await getStatementView(platform.ctx, id);
    expect([view.state, view.blame]).toEqual(['aborted', [{ trustee: 3, reason: 'SILENT' }]]);
    expect(view.committee.map((trustee) => trustee.state)).toEqual(['void', 'void', 'at-fault']);
  });

  it('name a false accuser, and equal confirms of all still make the key', async () => {
    for (const message of [...key.commits, ...key.deals, ...key.confirms.slice(0, 2)]) await send(message);
    const accuser = key.authors[2]!;
    await send(makeComplaint(accuser, key.secrets[2]!, key.deals[0]!, systemRandom));
    const aborted = await getStatementView(platform.ctx, id);
    expect(aborted.committee.map(({ state: one, fault }) => [one, fault])).toEqual([
      ['void', undefined],
      ['void', undefined],
      ['at-fault', 'FALSE_COMPLAINT'],
    ]);
    await expect(send(makeComplaint(accuser, key.secrets[2]!, key.deals[1]!, systemRandom))).rejects.toEqual(refusedWith('KEYING_OVER'));
    await send(key.confirms[2]);
    expect(await state()).toBe('open');
    await expect(send(makeConfirm(accuser, key.shares[2]!, key.commits, key.deals, systemRandom))).rejects.toEqual(
      refusedWith('MESSAGE_CONFLICT'),
    );
  });
});

describe('messages about a board', () => {
  let open: OpenStatement;
  const send = (message: unknown) => acceptMessage(platform.ctx, open.context.id, message);
  const view = () => getStatementView(platform.ctx, open.context.id);
  const opening = (trustee: number, wave: Wave, share = open.key.shares[trustee - 1] as Scalar) =>
    makeOpening(open.key.authors[trustee - 1]!, open.key.keyed, share, wave, systemRandom);
  let wave: Wave;
  let entries: Entry[];

  beforeAll(async () => {
    platform.clock.now = START;
    open = await openKeyedStatement(platform, [group], { count: 2 });
    const said = { action: 'sign' as const, group: group.id };
    entries = [];
    for (const member of [0, 1]) entries.push(await signForReal(open.context, open.key.keyed.key, group, member, said, systemRandom));
  });

  it('are kept once as a sign of a loss, and refused after that, for what is not on it', async () => {
    await acceptSignature(platform.ctx, open.context.id, entries[0]);
    const head = emptyBoard(open.key.keyed.transcript);
    const early = signCosignature(open.context, 3, { ...head, number: 9 }, open.key.authors[2]!.seed);
    await send(early);
    const other = signCosignature(open.context, 3, { ...head, number: 8 }, open.key.authors[2]!.seed);
    await expect(send(other)).rejects.toEqual(refusedWith('UNKNOWN_CHECKPOINT'));
    const far = signCosignature(open.context, 1, { ...head, number: 2 ** 53 - 1 }, open.key.authors[0]!.seed);
    await expect(send(far)).rejects.toEqual(refusedWith('UNKNOWN_CHECKPOINT'));
    const items = entries.slice(0, 1).map(({ nullifier, ephemeral }) => ({ nullifier, ephemeral }));
    await expect(send(opening(1, { number: 1, checkpoint: 'ab'.repeat(32), items }))).rejects.toEqual(refusedWith('UNKNOWN_WAVE'));
  });

  it('show a trustee that cosigned two checkpoints of one number, and the true one still counts', async () => {
    await publishCheckpoints(platform.ctx, platform.clock.now);
    const [checkpoint] = await listCheckpoints(platform.ctx, open.context.id);
    const [one, two] = open.key.authors;
    const forged = signCosignature(open.context, 1, { ...headOf(checkpoint!), hash: 'ab'.repeat(32) }, one!.seed);
    await send(forged);
    await send(signCosignature(open.context, 1, headOf(checkpoint!), one!.seed));
    await send(signCosignature(open.context, 2, headOf(checkpoint!), two!.seed));
    const third = signCosignature(open.context, 1, { ...headOf(checkpoint!), hash: 'cd'.repeat(32) }, one!.seed);
    await expect(send(third)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(await send(forged)).toEqual({ isNew: false });
    const { checkpoints, evidence, committee, lostBy } = await view();
    expect([checkpoints.final, lostBy]).toEqual([1, [3]]); // the forger has vouched for this board after all
    expect(evidence).toEqual([{ trustee: 1, fault: 'FORKED', number: 1 }]);
    expect(committee[0]).toMatchObject({ state: 'at-fault', fault: 'FORKED' });
  });

  it('that open wrongly are kept as evidence, name their author and never block the reveal', async () => {
    platform.clock.now += 2;
    await acceptSignature(platform.ctx, open.context.id, entries[1]);
    await publishAndCosign(platform, open, [2, 3]);
    wave = (await followBoard(platform.ctx, open.context)).waves[0]!;
    const { number, checkpoint, items } = wave;
    wave = { number, checkpoint, items };
    const wrong = opening(2, wave, open.key.shares[0] as Scalar);
    await send(wrong);
    expect((await view()).waves).toMatchObject([{ openedBy: [], size: 2 }]);
    expect((await view()).evidence).toContainEqual({ trustee: 2, fault: 'BAD_OPENING', number: 1 });
    await expect(send(opening(2, wave, open.key.shares[2] as Scalar))).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    await send(opening(1, wave));
    await send(opening(3, wave));
    const revealed = await view();
    expect(revealed.state).toBe('revealed');
    expect(revealed.waves[0]?.openedBy).toEqual([1, 3]);
    expect(revealed.waves[0]?.names.map((signer) => 'name' in signer && signer.name).sort()).toEqual(inventNames(2));
    await expect(send(opening(3, wave))).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
  });

  it('are refused after the end, but for the word that a share is destroyed, and that not before', async () => {
    const end = destructionTime(open.context.statement);
    const [author] = open.key.authors;
    await expect(send(signDestroyed(author!, end - 1))).rejects.toEqual(refusedWith('DESTROYED_EARLY'));
    platform.clock.now = end;
    const [checkpoint] = await listCheckpoints(platform.ctx, open.context.id);
    await expect(send(signCosignature(open.context, 3, { ...headOf(checkpoint!) }, open.key.authors[2]!.seed))).resolves.toEqual({
      isNew: false,
    });
    await expect(
      send(signCosignature(open.context, 3, { ...headOf(checkpoint!), hash: 'ab'.repeat(32) }, open.key.authors[2]!.seed)),
    ).rejects.toEqual(refusedWith('STATEMENT_ENDED'));
    await expect(send(opening(2, { ...wave, number: 2 }))).rejects.toEqual(refusedWith('STATEMENT_ENDED'));
    await send(signDestroyed(author!, end));
    expect((await view()).destroyedBy).toEqual([1]);
  });
});
