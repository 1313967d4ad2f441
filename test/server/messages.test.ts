import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eq } from '#db/drizzle.cjs';
import { statements } from '#db/schema/board.ts';
import type { MessageList } from '#lib/api/shapes.ts';
import { emptyBoard, headOf } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { checkMessageReceipt } from '#lib/protocol/board/receipt.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import { type Author, createKeySecrets, makeComplaint, makeConfirm, makeDeal } from '#lib/protocol/key/key-generation.ts';
import { messageHash, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { parseCurvePoint } from '#lib/protocol/numbers/point.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { type MixSetting, type MixStep, mixListHash } from '#lib/protocol/reveal/mix.ts';
import { makeOpening } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { acceptMessageBytes } from '#lib/server/messages/accept-bytes.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import {
  inventNames,
  listCheckpoints,
  type OpenStatement,
  openKeyedStatement,
  openStatement,
  postEntry,
  prepareStatement,
  publishAndCosign,
  publishGroup,
  START,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { endOf, mixBy, openingOf, settingOf, stepBytes } from '../support/reveal.ts';
import { createGroup, type KeyCeremony, makeKey, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let group: TestGroup;
beforeAll(async () => {
  platform = await startPlatform({ seed: 'messages' });
  group = createGroup('Harbour pilots', inventNames(8), platform.random);
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
    expect(await send(key.deals[0])).toMatchObject({ isNew: false });
    const { messages: stored } = JSON.parse(await listMessages(platform.ctx, id, { after: 0, epoch: null }, 'public')) as MessageList;
    expect(stored.map(({ cursor }) => cursor)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('that wait for one statement wait by their authors, and leave connections to the database for everything else', async () => {
    const { db } = platform.ctx;
    const [held, locked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = db.transaction(async (tx) => {
      await tx.select({ id: statements.id }).from(statements).where(eq(statements.id, id)).for('update');
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const [author] = key.authors;
    const heads = Array.from({ length: 30 }, (_, i) => ({ number: i + 1, hash: 'ab'.repeat(32) }));
    const codes: unknown[] = [];
    const sent = heads.map((head) => send(signCosignature(author!, head)).catch(({ code }) => void codes.push(code)));
    const other = send(key.commits[1]);
    await getStatementView(platform.ctx, id);
    await expect.poll(() => codes).toEqual(Array(13).fill('BUSY'));
    held.resolve();
    await holding;
    expect(await other).toMatchObject({ isNew: true });
    await Promise.all(sent);
    expect(codes.slice(13)).toEqual(Array(17).fill('STATEMENT_NOT_OPEN'));
  });

  it('are taken only after those that they follow, so that a record never lacks one', async () => {
    await send(key.commits[0]);
    await expect(send(key.deals[0])).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    const about = makeComplaint(key.authors[2]!, key.secrets[2]!, key.deals[1]!, systemRandom);
    await expect(send(about)).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    for (const message of [...key.commits.slice(1), key.deals[0]]) await send(message);
    await expect(send(key.confirms[0])).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    expect(await send(about)).toMatchObject({ isNew: true }); // it holds the deal that it is about
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
    expect(await acceptMessage({ ...platform.ctx, db }, id, key.deals[0])).toMatchObject({ isNew: true });
    expect(loads).toBe(1);
  });

  it('are one of a kind: another one by the same trustee is kept as evidence and blames it first, a third is refused', async () => {
    for (const commit of key.commits) await send(commit);
    await send(key.deals[0]);
    const deal = () => makeDeal(key.authors[0]!, createKeySecrets(2, systemRandom), key.commits, systemRandom);
    const both = await Promise.allSettled([deal(), deal()].map(send));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const view = await getStatementView(platform.ctx, id);
    expect([view.state, view.blame]).toEqual(['aborted', [{ trustee: 1, reason: 'FORKED' }]]);
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
    expect([view.state, view.blame]).toEqual(['aborted', [3, 4].map((trustee) => ({ trustee, reason: 'SILENT' }))]);
    expect(view.committee.map((trustee) => trustee.state)).toEqual(['void', 'void', 'at-fault', 'at-fault']);
  });

  it('name a false accuser, and equal confirms of all still make the key', async () => {
    for (const message of [...key.commits, ...key.deals, ...key.confirms.slice(0, 2), key.confirms[3]]) await send(message);
    const accuser = key.authors[2]!;
    await send(makeComplaint(accuser, key.secrets[2]!, key.deals[0]!, systemRandom));
    const aborted = await getStatementView(platform.ctx, id);
    expect(aborted.committee.map(({ state: one, fault }) => [one, fault])).toEqual([
      ['void', undefined],
      ['void', undefined],
      ['at-fault', 'FALSE_COMPLAINT'],
      ['void', undefined],
    ]);
    await expect(send(makeComplaint(accuser, key.secrets[2]!, key.deals[1]!, systemRandom))).rejects.toEqual(refusedWith('KEYING_OVER'));
    await send(key.confirms[2]);
    expect(await state()).toBe('open');
    const another = makeConfirm(accuser, key.shares[2]!, key.commits, key.deals, systemRandom);
    await expect(send(another)).rejects.toEqual(refusedWith('KEYING_OVER'));
  });
});

describe('messages about a board', () => {
  let open: OpenStatement;
  let entries: Entry[];
  let setting: MixSetting;
  let chain: MixStep[];
  const send = (message: unknown) => acceptMessage(platform.ctx, open.context.id, message);
  const sendStep = (step: MixStep) => acceptMessageBytes(platform.ctx, open.context.id, stepBytes(step));
  const view = () => getStatementView(platform.ctx, open.context.id);
  const author = (trustee: number) => open.key.authors[trustee - 1] as Author;
  const opening = (trustee: number, steps = chain) => openingOf(open, setting, steps, trustee);
  const cosign = (trustee: number, head: { number: number; hash: string }) => signCosignature(author(trustee), head);

  beforeAll(async () => {
    platform.clock.now = START;
    open = await openKeyedStatement(platform, [group], { count: 2 });
    entries = [await signOn(open, group, 0), await signOn(open, group, 1)];
  });

  it('are kept once as a sign of a loss, and refused after that, for what is not on it', async () => {
    await postEntry(platform.ctx, entries[0]!);
    const head = emptyBoard(open.key.keyed.transcript);
    await send(cosign(3, { ...head, number: 9 }));
    await expect(send(cosign(3, { ...head, number: 8 }))).rejects.toEqual(refusedWith('UNKNOWN_CHECKPOINT'));
    await expect(send(cosign(1, { ...head, number: 2 ** 53 - 1 }))).rejects.toEqual(refusedWith('UNKNOWN_CHECKPOINT'));
    const early = { statement: open.context.id, key: open.key.keyed.key, wave: 1, content: 'ab'.repeat(32), start: startOf(entries) };
    await expect(sendStep(mixBy(early, [author(1)])[0]!)).rejects.toEqual(refusedWith('UNKNOWN_WAVE'));
  });

  it('show a trustee that cosigned two checkpoints of one number, and the true one still counts', async () => {
    await publishCheckpoints(platform.ctx);
    const [checkpoint] = await listCheckpoints(platform.ctx, open.context.id);
    const head = headOf(checkpoint!);
    const forged = cosign(1, { ...head, hash: 'ab'.repeat(32) });
    await send(forged);
    for (const trustee of [1, 2, 3]) await send(cosign(trustee, head));
    await expect(send(cosign(1, { ...head, hash: 'cd'.repeat(32) }))).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(await send(forged)).toMatchObject({ isNew: false });
    const { checkpoints, evidence, committee } = await view();
    expect(checkpoints.final).toBe(1);
    expect(evidence).toEqual([{ trustee: 1, fault: 'FORKED', number: 1 }]);
    expect(committee[0]).toMatchObject({ state: 'at-fault', fault: 'FORKED' });
  });

  it('get a receipt, the same one again, by which a platform that hides them is convicted', async () => {
    const [checkpoint] = await listCheckpoints(platform.ctx, open.context.id);
    const message = cosign(4, headOf(checkpoint!));
    const { receipt } = await send(message);
    platform.clock.now += 100;
    expect(await send(message)).toEqual({ receipt, isNew: false });
    platform.clock.now -= 100;
    expect(checkMessageReceipt(open.context, messageHash('cosignature', message), receipt).ok).toBe(true);
  });

  it('mix: a step stands only on one that is here, a wrong one is kept as evidence, and a fork of its author stops nobody', async () => {
    platform.clock.now += 2;
    await postEntry(platform.ctx, entries[1]!);
    await publishAndCosign(platform, open, [2, 3, 4]);
    setting = await settingOf(platform, open);
    chain = mixBy(setting, [author(2), author(4)]);
    const [first, second] = chain as [MixStep, MixStep];
    await expect(sendStep(second)).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    await expect(send(first.mix)).rejects.toEqual(refusedWith('BAD_SHAPE'));
    const items = first.lists[0]!.items;
    const swapped = { ...first.lists[0]!, items: [items[1]!, items[0]!] };
    await expect(sendStep({ ...first, lists: [swapped] })).rejects.toEqual(refusedWith('MIX_LIST'));
    const { signature: _, ...body } = first.mix;
    const forged = { ...body, trustee: 3, lists: [{ group: group.id, list: mixListHash(swapped) }] };
    await sendStep({ mix: signMessage('mix', forged, author(3).seed), lists: [swapped] });
    expect((await view()).evidence).toContainEqual({ trustee: 3, fault: 'BAD_MIX', number: 1 });

    const receipt = await sendStep(first);
    expect(await sendStep(first)).toEqual({ ...receipt, isNew: false });
    const [fork, third] = [mixBy(setting, [author(2)])[0]!, mixBy(setting, [author(2), author(3)])];
    await sendStep(fork);
    await expect(sendStep(third[0]!)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT')); // nobody has built on it yet
    await expect(sendStep(third[1]!)).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    await sendStep(third[0]!); // now somebody has
    await sendStep(second);
    const own = await sendStep(mixBy(setting, [author(4), author(4)])[0]!);
    expect(own.isNew).toBe(true);
  });

  it('open: a wrong one is kept as evidence and never blocks the reveal; two of one author for one chain are refused', async () => {
    const wrong = makeOpening(author(2), open.key.keyed, open.key.shares[0]!, endOf(setting, chain), true, systemRandom);
    await send(wrong);
    expect((await view()).waves).toMatchObject([{ openedBy: [], size: null }]);
    expect((await view()).evidence).toContainEqual({ trustee: 2, fault: 'BAD_OPENING', number: 1 });
    const other = makeOpening(author(2), open.key.keyed, open.key.shares[2]!, endOf(setting, chain), true, systemRandom);
    await expect(send(other)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    const [run, under] = [platform.ctx.threads.run, { now: 0, most: 0 }];
    const watched: typeof run = (...job) => {
      under.most = Math.max(under.most, ++under.now);
      return run(...job).finally(() => under.now--);
    };
    const ctx = { ...platform.ctx, threads: { ...platform.ctx.threads, run: watched } };
    const wrongs = Array.from({ length: 9 }, () => makeOpening(author(2), open.key.keyed, open.key.shares[2]!, endOf(setting, chain), true, systemRandom)); // biome-ignore format: one thing
    const codes = await Promise.all(wrongs.map((one) => acceptMessage(ctx, open.context.id, one).catch(({ code }) => code as string)));
    expect([under.most <= 4, new Set(codes)]).toEqual([true, new Set(['MESSAGE_CONFLICT', 'BUSY'])]); // others' work goes on beside it
    await expect(send(opening(1, chain.slice(0, 1)))).rejects.toEqual(refusedWith('MESSAGE_EARLY')); // not mixed by k
    await send(opening(1));
    await expect(send(opening(1))).rejects.toEqual(refusedWith('MESSAGE_CONFLICT')); // another proof of the same
    await send(opening(3));
    const revealed = await view();
    expect([revealed.state, revealed.waves[0]?.openedBy]).toEqual(['revealed', [1, 3]]);
    const names = revealed.waves[0]!.names.flatMap((line) => line.names.map((one) => ('name' in one ? one.name : null)));
    expect(names.sort()).toEqual(inventNames(2));
  });

  it('are refused after the end, but for the word that a share is destroyed, and that not before', async () => {
    const end = destructionTime(open.context.statement);
    const seen = { waves: [{ number: 1, content: setting.content, opened: true }] };
    await expect(send(signDestroyed(author(1), seen, end - 1))).rejects.toEqual(refusedWith('DESTROYED_EARLY'));
    platform.clock.now = end;
    const [checkpoint] = await listCheckpoints(platform.ctx, open.context.id);
    expect(await send(cosign(3, headOf(checkpoint!)))).toMatchObject({ isNew: false });
    await expect(send(cosign(3, { ...headOf(checkpoint!), hash: 'ab'.repeat(32) }))).rejects.toEqual(refusedWith('STATEMENT_ENDED'));
    await expect(send(opening(4))).rejects.toEqual(refusedWith('STATEMENT_ENDED'));
    await expect(sendStep(mixBy(setting, [author(1)])[0]!)).rejects.toEqual(refusedWith('STATEMENT_ENDED'));
    await send(signDestroyed(author(1), seen, end));
    expect((await view()).destroyedBy).toEqual([1]);
  });
});

function startOf(entries: readonly Entry[]): MixSetting['start'] {
  const items = entries.slice(0, 1).map(({ ephemeral, sealed }) => [parseCurvePoint(ephemeral)!, parseCurvePoint(sealed)!] as const);
  return [{ group: group.id, items, isWire: false }];
}
