import { beforeAll, describe, expect, it } from 'vitest';
import { signReceipt } from '../../lib/protocol/board.ts';
import { type Entry, entryHash } from '../../lib/protocol/signature.ts';
import { postEntry } from '../../lib/signing/post-entry.ts';
import { checkOnBoard, readBoard, surveyBoard } from '../../lib/signing/read-board.ts';
import { type BoardPart, publish } from '../support/record-parts.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { answeringApi, entryWithoutProof, type Stage, setStage, value } from './stage.ts';

let stage: Stage;
let entries: Entry[];
let parts: BoardPart[];
beforeAll(async () => {
  stage = await setStage();
  entries = [0, 1, 2, 3].map((member) => entryWithoutProof(stage, member));
  parts = publish(stage.context, stage.ceremony.keyed, [entries.slice(0, 1), entries.slice(1, 3)], 1_800_002_000);
});

const pageOf = (part: BoardPart) => ({ checkpoint: part.checkpoint, entries: part.entries.map(entryHash), bodies: part.entries });
/** Serves one checkpoint a page. */
const board = (shown = parts.map(pageOf), head = shown.length) =>
  answeringApi((path) => {
    const after = Number(new URL(path, 'https://x').searchParams.get('after'));
    return Response.json({ head, checkpoints: shown.slice(after, after + 1) });
  });
const receiptFor = (entry: Entry, now = 1_800_002_000) =>
  signReceipt(stage.context.statement, { statement: stage.context.id, entry: entryHash(entry), action: 'sign' }, now, PLATFORM_SEED);

describe('handing in a signature', () => {
  it('gives the checked receipt', async () => {
    const entry = entries[0]!;
    const api = answeringApi((path, body) => {
      expect(path).toBe(`/api/anonymous/statements/${stage.context.id}/signatures`);
      expect(JSON.parse(body)).toEqual(entry);
      return Response.json({ receipt: receiptFor(entry) }, { status: 201 });
    });
    expect(value(await postEntry(api, stage.context, entry))).toEqual(receiptFor(entry));
  });

  it('waits while the platform is busy or out of reach, and loses nothing', async () => {
    let calls = 0;
    const waits: number[] = [];
    const api = answeringApi(() => {
      calls++;
      if (calls === 1) throw new TypeError('fetch failed');
      if (calls === 2)
        return Response.json({ error: { code: 'BUSY', message: 'Busy.' } }, { status: 503, headers: { 'Retry-After': '1' } });
      return Response.json({ receipt: receiptFor(entries[0]!) }, { status: 201 });
    });
    const posted = await postEntry(api, stage.context, entries[0]!, { onWait: (seconds) => waits.push(seconds) });
    expect(posted.ok).toBe(true);
    expect(waits).toEqual([1, 1]);
  });

  it('hands the platform’s refusal on under its code', async () => {
    const api = answeringApi(() => Response.json({ error: { code: 'ALREADY_SIGNED', message: 'You have signed.' } }, { status: 409 }));
    expect(await postEntry(api, stage.context, entries[0]!)).toEqual({ ok: false, code: 'ALREADY_SIGNED', detail: 'You have signed.' });
  });

  it('refuses a receipt for another signature (T9) or by another platform', async () => {
    const post = (receipt: object) =>
      postEntry(
        answeringApi(() => Response.json({ receipt }, { status: 201 })),
        stage.context,
        entries[0]!,
      );
    expect(await post(receiptFor(entries[1]!))).toMatchObject({ ok: false, code: 'BAD_RECEIPT' });
    expect(await post({ ...receiptFor(entries[0]!), publishBy: 1_900_000_000 })).toMatchObject({ ok: false, code: 'BAD_RECEIPT' });
  });

  it('stops when told to', async () => {
    const api = answeringApi(() => {
      throw new TypeError('fetch failed');
    });
    const options = { signal: AbortSignal.timeout(50), onWait: () => {} };
    await expect(postEntry(api, stage.context, entries[0]!, options)).rejects.toThrow(/time/i);
  });
});

describe('reading the board', () => {
  const check = (entry: Entry, now: number, api = board()) =>
    checkOnBoard(api, stage.context, stage.ceremony.keyed, receiptFor(entry), now);

  it('says in which checkpoint a receipt was kept', async () => {
    expect(value(await check(entries[2]!, 1_800_002_001))).toEqual({ status: 'published', checkpoint: 2, time: 1_800_002_001 });
  });

  it('says before the time that it waits, and after it that the promise was broken', async () => {
    const { publishBy } = receiptFor(entries[3]!);
    const { clockSkew } = stage.context.statement;
    expect(value(await check(entries[3]!, publishBy + clockSkew))).toEqual({ status: 'waiting', publishBy });
    expect(value(await check(entries[3]!, publishBy + clockSkew + 1))).toEqual({ status: 'broken', publishBy });
  });

  it('finds one’s own signature by the nullifier, and counts the live ones', async () => {
    const withdrawal = entryWithoutProof(stage, 2, { action: 'withdraw', group: stage.group.id, withdraws: entryHash(entries[2]!) });
    const board3 = publish(stage.context, stage.ceremony.keyed, [entries.slice(0, 1), entries.slice(1, 3), [withdrawal]], 1_800_002_000);
    const api = board(board3.map(pageOf));
    const survey = async (member: number) =>
      value(await surveyBoard(api, stage.context, stage.ceremony.keyed, stage.group.members[member]!.identity));
    expect((await survey(1)).own.map(({ hash }) => hash)).toEqual([entryHash(entries[1]!)]);
    expect((await survey(2)).own.map(({ entry }) => entry.said.action)).toEqual(['sign', 'withdraw']);
    const stranger = await survey(7);
    expect(stranger).toMatchObject({ own: [], counts: new Map([[stage.group.id, 2]]) });
    expect(stranger.live).toHaveLength(2);
    expect(stranger.live).toContain(entries[1]!.nullifier);
  });

  it('refuses a board with a checkpoint removed, another entry, or one signed by somebody else', async () => {
    const read = (api: ReturnType<typeof board>) => readBoard(api, stage.context, stage.ceremony.keyed, () => {});
    const [first, second] = parts.map(pageOf) as [ReturnType<typeof pageOf>, ReturnType<typeof pageOf>];
    expect(await read(board([second]))).toMatchObject({ ok: false, code: 'CHECKPOINT_NUMBER' });
    expect(await read(board([first], 2))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    expect(await read(board([{ ...first, bodies: [entries[3]!] }]))).toMatchObject({ ok: false, code: 'BOARD_BODIES' });
    const other = { ...first, entries: [entryHash(entries[3]!)], bodies: [entries[3]!] };
    expect(await read(board([other]))).toMatchObject({ ok: false, code: 'CHECKPOINT_ROOT' });
    const moved = { ...first, checkpoint: { ...first.checkpoint, time: first.checkpoint.time + 1 } };
    expect(await read(board([moved]))).toMatchObject({ ok: false, code: 'CHECKPOINT_SIGNATURE' });
  });
});
