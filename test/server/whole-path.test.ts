import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import type { ProofSystem } from '#lib/protocol/record/record-report.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { makeOpening } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { followBoard } from '#lib/server/board/follower.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { streamRecord } from '#lib/server/record/stream.ts';
import { acceptSignature } from '#lib/server/signatures/accept.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishGroup,
  readWholeBoard,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { realProofSystem, verifyLines } from '../support/verify-lines.ts';
import { createGroup, signForReal, systemRandom, type TestGroup } from '../support/world.ts';

const NAMES = ['Ada Lovelace', 'Žofie Nováková', 'Brian O’Neill', '李小龍', ...inventNames(5)];

async function readRecord({ ctx }: TestPlatform, id: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of streamRecord(ctx, id)) lines.push(line.trimEnd());
  return lines;
}

/** Three of nine sign; the trigger is three. One statement ends revealed, the other destroyed. */
describe('a statement on the platform', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let proofs: ProofSystem;
  const sign = (member: number, said: Partial<Entry['said']> = {}) =>
    signForReal(
      open.context,
      open.key.keyed.key,
      group,
      member,
      { action: 'sign', group: group.id, ...said } as Entry['said'],
      systemRandom,
    );
  const view = () => getStatementView(platform.ctx, open.context.id);
  const openWave = async (trustees: readonly number[], wave = 1) => {
    const { waves } = await followBoard(platform.ctx, open.context);
    const { number, checkpoint, items } = waves[wave - 1]!;
    for (const trustee of trustees) {
      const author = open.key.authors[trustee - 1]!;
      const share = open.key.shares[trustee - 1] as Scalar;
      const opening = makeOpening(author, open.key.keyed, share, { number, checkpoint, items }, systemRandom);
      await acceptMessage(platform.ctx, open.context.id, opening);
    }
  };

  beforeAll(async () => {
    platform = await startPlatform();
    group = createGroup('Harbour pilots', NAMES, systemRandom);
    await publishGroup(platform, group);
    proofs = await realProofSystem();
  });
  afterAll(() => platform?.stop());

  it('stays sealed below the trigger, opens exactly who signed at it, and its record holds', async () => {
    const { ctx, clock } = platform;
    open = await openKeyedStatement(platform, [group], { count: 3 });
    expect((await view()).state).toBe('open');
    const [first, second] = [await sign(0), await sign(1)];
    const receipt = await acceptSignature(ctx, open.context.id, first);
    expect(receipt.isNew).toBe(true);
    expect(await acceptSignature(ctx, open.context.id, first)).toEqual({ ...receipt, isNew: false });
    await acceptSignature(ctx, open.context.id, second);
    await publishAndCosign(platform, open, [1, 2]);
    expect(await view()).toMatchObject({ state: 'open', live: 2, needed: 3, waves: [], checkpoints: { head: 1, final: 1 } });
    expect(await acceptSignature(ctx, open.context.id, first)).toEqual({ ...receipt, isNew: false });

    clock.now += 5;
    await acceptSignature(ctx, open.context.id, await sign(3));
    await publishAndCosign(platform, open, [1]);
    expect((await view()).waves).toEqual([]); // one of three is no quorum
    await publishAndCosign(platform, open, [1, 2]);
    await openWave([1]);
    expect(await view()).toMatchObject({ state: 'open', waves: [{ size: 3, openedBy: [1], names: [] }] });
    await openWave([2]);
    const revealed = await view();
    expect(revealed).toMatchObject({ state: 'revealed', waves: [{ openedBy: [1, 2] }] });
    const names = revealed.waves[0]!.names.map((signer) => ('name' in signer ? signer.name : signer.undecodable));
    expect(names.sort()).toEqual([NAMES[0], NAMES[1], NAMES[3]].sort());
    expect(revealed.committee.map(({ state }) => state)).toEqual(['opened', 'opened', 'late']);

    const report = await verifyLines(await readRecord(platform, open.context.id), proofs);
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({ state: 'revealed', signatures: 3, openedBy: [[1, 2]] });

    // Signing goes on until the deadline: whoever signs now is opened with the next checkpoint.
    clock.now += 5;
    await acceptSignature(ctx, open.context.id, await sign(4));
    await publishAndCosign(platform, open, [2, 3]);
    await openWave([3, 1], 2);
    expect((await view()).waves.map(({ names }) => names.length)).toEqual([3, 1]);

    clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    platform.ctx.memo.followers.delete(open.context.id);
    expect((await view()).waves.map(({ names, size }) => [names.length, size])).toEqual([
      [3, 3],
      [1, 1],
    ]);
    const late = await verifyLines(await readRecord(platform, open.context.id), proofs);
    expect([late.failures, late.stubs, late.state]).toEqual([[], 0, 'revealed']);
  });

  it('ends destroyed below the trigger: hashes are all that is left, and the record still holds', async () => {
    const { ctx, clock } = platform;
    clock.now = 1_800_000_600;
    open = await openKeyedStatement(platform, [group], { count: 3 });
    const entries = [await sign(5), await sign(6)];
    for (const entry of entries) await acceptSignature(ctx, open.context.id, entry);
    const [signature] = entries as [Entry];
    const withdrawal = await sign(5, { action: 'withdraw', withdraws: entryHash(signature) });
    await acceptSignature(ctx, open.context.id, withdrawal);
    await publishAndCosign(platform, open, [1, 2, 3]);
    expect(await view()).toMatchObject({ live: 1, state: 'open', seals: [{ nullifier: entries[1]!.nullifier }] });

    clock.now = open.context.statement.deadline + 1;
    expect((await view()).state).toBe('closed');
    await eraseUnopened(ctx);
    expect((await readWholeBoard(ctx, open.context.id))[0]!.bodies.map(({ type }) => type)).toEqual(['entry', 'entry', 'entry']);

    clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    for (const author of open.key.authors) await acceptMessage(ctx, open.context.id, signDestroyed(author, clock.now));
    expect(await view()).toMatchObject({ state: 'destroyed', live: 1, seals: [], destroyedBy: [1, 2, 3] });
    const checkpoints = await readWholeBoard(ctx, open.context.id);
    expect(checkpoints[0]!.bodies.every(({ type }) => type === 'stub')).toBe(true);
    expect(new Set(checkpoints[0]!.entries)).toEqual(new Set([...entries, withdrawal].map(entryHash)));
    const report = await verifyLines(await readRecord(platform, open.context.id), proofs);
    expect([report.failures, report.stubs, report.state]).toEqual([[], 3, 'destroyed']);
    await expect(acceptSignature(ctx, open.context.id, signature)).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
  });

  it('publishes at whole multiples of the cadence only, and what came before the deadline also after it', async () => {
    const { ctx, clock } = platform;
    clock.now = 1_800_000_601;
    open = await openKeyedStatement(platform, [group], { count: 3 }, { cadence: 600, deadline: 1_800_006_100, mergeDelay: 900 });
    await acceptSignature(ctx, open.context.id, await sign(0));
    await publishCheckpoints(ctx, clock.now - 1);
    expect((await readWholeBoard(ctx, open.context.id)).length).toBe(0);
    clock.now = 1_800_001_201;
    await publishCheckpoints(ctx, 1_800_001_199);
    clock.now = open.context.statement.deadline;
    await acceptSignature(ctx, open.context.id, await sign(1));
    clock.now = open.context.statement.deadline + 700;
    await expect(acceptSignature(ctx, open.context.id, await sign(2))).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
    await publishCheckpoints(ctx, clock.now); // started again, too late for the regular time
    const checkpoints = await readWholeBoard(ctx, open.context.id);
    expect(checkpoints.map(({ checkpoint }) => checkpoint.time)).toEqual([1_800_001_200, 1_800_006_600]);
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
