import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitteeBoard, MessageList } from '#lib/api/shapes.ts';
import { signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { listedHash } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash, type Said } from '#lib/protocol/board/signature.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import { PILOTS, PILOTS_SEED, publishPilots } from '../support/pilots.ts';
import {
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  readWholeBoard,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { mixWave, openingOf, revealByTrustees } from '../support/reveal.ts';
import type { TestGroup } from '../support/world.ts';

const SALT = 'ab'.repeat(32);

/** Three of nine sign; the trigger is three. One statement ends revealed, the other destroyed. */
describe('a statement on the platform', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  const sign = (member: number, said?: Said, again?: string) => signOn(open, group, member, said, again);
  const view = () => getStatementView(platform.ctx, open.context.id);
  const publicMessages = async () =>
    (JSON.parse(await listMessages(platform.ctx, open.context.id, { after: 0, epoch: null }, 'public')) as MessageList).messages;

  beforeAll(async () => {
    platform = await startPlatform({ seed: PILOTS_SEED });
    group = await publishPilots(platform);
  });
  afterAll(() => platform?.stop());

  it('stays sealed below the trigger, and opens exactly who signed at it, mixed', async () => {
    const { ctx, clock } = platform;
    open = await openKeyedStatement(platform, [group], { count: 3 });
    expect((await view()).state).toBe('open');
    const [first, second] = [await sign(0), await sign(1)];
    const receipt = await postEntry(ctx, first, SALT);
    expect(receipt).toMatchObject({ isNew: true, receipt: { entry: entryHash(first), listed: listedHash(entryHash(first), SALT) } });
    expect(await postEntry(ctx, first, SALT)).toEqual({ ...receipt, isNew: false });
    await expect(postEntry(ctx, first)).rejects.toMatchObject({ code: 'ALREADY_SIGNED' }); // another salt is another signature
    await postEntry(ctx, second);
    await publishAndCosign(platform, open, [1, 2, 3]);
    expect(await view()).toMatchObject({ state: 'open', live: 2, needed: 3, waves: [], checkpoints: { head: 1, final: 1 } });
    expect(await postEntry(ctx, first, SALT)).toEqual({ ...receipt, isNew: false });

    clock.now += 5;
    await postEntry(ctx, await sign(3));
    await publishAndCosign(platform, open, [1, 2]);
    expect((await view()).waves).toEqual([]); // two of four are no quorum
    await publishAndCosign(platform, open, [1, 2, 3]);
    const { setting, chain } = await mixWave(platform, open, [2, 4]);
    expect(await view()).toMatchObject({
      state: 'open',
      waves: [
        {
          size: null,
          openedBy: [],
          mixedBy: [
            { step: 1, trustee: 2 },
            { step: 2, trustee: 4 },
          ],
        },
      ],
    });
    await acceptMessage(ctx, open.context.id, openingOf(open, setting, chain, 1));
    const withheld = (await publicMessages()).filter((one) => 'withheld' in one);
    expect(withheld.map((one) => 'withheld' in one && one.withheld.type)).toEqual(['mix', 'mix', 'opening']);
    await acceptMessage(ctx, open.context.id, openingOf(open, setting, chain, 4));
    const revealed = await view();
    expect(revealed).toMatchObject({ state: 'revealed', waves: [{ openedBy: [1, 4], size: 3 }] });
    const names = revealed.waves[0]!.names.flatMap((line) => line.names.map((one) => ('name' in one ? one.name : null)));
    expect(names.sort()).toEqual([PILOTS[0], PILOTS[1], PILOTS[3]].sort());
    expect((await publicMessages()).some((one) => 'withheld' in one)).toBe(false);

    // Signing goes on until the deadline: whoever signs now is opened with the next checkpoint.
    clock.now += 5;
    await postEntry(ctx, await sign(4));
    await publishAndCosign(platform, open, [2, 3, 4]);
    await revealByTrustees(platform, open, [3, 1], [3, 1], 2);
    expect((await view()).waves.map(({ names: lines }) => lines.flatMap((line) => line.names).length)).toEqual([3, 1]);

    clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    ctx.memo.followers.delete(open.context.id);
    expect((await view()).waves.map(({ size }) => size)).toEqual([3, 1]);
  });

  it('ends destroyed below the trigger: salted hashes and counts are all that is left', async () => {
    const { ctx, clock } = platform;
    clock.now = 1_800_000_600;
    open = await openKeyedStatement(platform, [group], { count: 3 });
    const entries = [await sign(5), await sign(6)];
    for (const entry of entries) await postEntry(ctx, entry);
    const withdrawal = await sign(5, { action: 'withdraw', group: group.id });
    await postEntry(ctx, withdrawal);
    await expect(postEntry(ctx, await sign(5, { action: 'withdraw', group: group.id }, 'again'))).rejects.toMatchObject({
      code: 'ALREADY_WITHDRAWN',
    });
    await publishAndCosign(platform, open, [1, 2, 3, 4]);
    expect(await view()).toMatchObject({ live: 1, state: 'open' });

    const [board] = await readWholeBoard(ctx, open.context.id);
    const request = signCommitteeRequest({ ...open.key.authors[0]!, context: open.context }, { want: 'board', after: 0 }, clock.now);
    const answer = await readForCommittee(ctx, open.context.id, request);
    const sealed = JSON.parse('text' in answer ? answer.text : '{}') as CommitteeBoard;
    expect(sealed.checkpoints[0]!.bodies.map(({ entry, salt }) => listedHash(entryHash(entry), salt))).toEqual(board!.listed);
    expect(new Set(sealed.checkpoints[0]!.bodies.map(({ entry }) => entryHash(entry)))).toEqual(
      new Set([...entries, withdrawal].map(entryHash)),
    );
    const stranger = signCommitteeRequest(
      { context: open.context, trustee: 1, seed: new Uint8Array(32).fill(3) },
      { want: 'board', after: 0 },
      clock.now,
    );
    await expect(readForCommittee(ctx, open.context.id, stranger)).rejects.toMatchObject({ code: 'TRUSTEE_SIGNATURE' });
    await expect(readForCommittee(ctx, open.context.id, { ...request, time: request.time - 301 })).rejects.toMatchObject({
      code: 'TRUSTEE_SIGNATURE',
    });

    clock.now = open.context.statement.deadline + 1;
    expect((await view()).state).toBe('closed');
    clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    expect((await view()).state).toBe('unvouched');
    const head = { number: 1, checkpoint: (await view()).waves.length === 0 ? 'cd'.repeat(32) : '' };
    for (const author of open.key.authors.slice(0, 3))
      await acceptMessage(ctx, open.context.id, signDestroyed(author, { head, waves: [] }, clock.now));
    expect(await view()).toMatchObject({ state: 'destroyed', live: 1, destroyedBy: [1, 2, 3], isErased: true });
    expect(await readWholeBoard(ctx, open.context.id)).toEqual([board]);
    await expect(postEntry(ctx, entries[0] as Entry)).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
  });

  it('publishes at whole multiples of the cadence only, or of 300 s where one was missed, also after the deadline', async () => {
    const { ctx, clock } = platform;
    clock.now = 1_800_000_601;
    open = await openKeyedStatement(platform, [group], { count: 3 }, { cadence: 3600, deadline: 1_800_010_900, mergeDelay: 4_300 });
    await postEntry(ctx, await sign(0));
    await publishCheckpoints(ctx); // 601 s after the last multiple: too late for its date, and 300 s after it is allowed
    expect((await readWholeBoard(ctx, open.context.id)).map(({ time }) => time)).toEqual([1_800_000_600]);
    clock.now = open.context.statement.deadline;
    await postEntry(ctx, await sign(1));
    clock.now = open.context.statement.deadline + 20;
    await expect(postEntry(ctx, await sign(2))).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
    await publishCheckpoints(ctx);
    expect((await readWholeBoard(ctx, open.context.id)).map(({ time }) => time)).toEqual([1_800_000_600, 1_800_010_800]);
  });

  it('is listed with what everybody may know, newest first', async () => {
    const { statements } = await listStatements(platform.ctx);
    expect(statements.map(({ state, count, revealed, needed }) => [state, count, revealed, needed])).toEqual([
      ['closed', 2, 0, 3],
      ['open', 1, 0, 3],
      ['revealed', 4, 4, 3],
    ]);
  });
});
