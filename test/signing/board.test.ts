import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import type { BoardCheckpoint, BoardIndex, BoardSegment } from '#lib/api/shapes.ts';
import { checkpointHash, signReceipt } from '#lib/protocol/board/board.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { postEntry } from '#lib/signing/post-entry.ts';
import { checkOnBoard, readBoard, surveyBoard } from '#lib/signing/read-board.ts';
import { answerBoard, shownPart } from '../support/board-answers.ts';
import { type BoardPart, publish } from '../support/record-parts.ts';
import { startSharedCache } from '../support/shared-cache.ts';
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

type Lie = { index?: (honest: BoardIndex) => BoardIndex; segment?: (honest: BoardSegment) => BoardSegment };
/** A platform with these checkpoints, and the lies it tells about them. */
const board = (shown = parts.map(shownPart), { index, segment }: Lie = {}) =>
  answeringApi((path) => {
    const honest = answerBoard(shown, path);
    if (!honest) return Response.json({ error: { code: 'SEGMENT_NOT_FOUND', message: 'There is none.' } }, { status: 404 });
    return Response.json('head' in honest ? (index?.(honest) ?? honest) : (segment?.(honest) ?? honest));
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
    const api = board(board3.map(shownPart));
    const survey = async (member: number) =>
      value(await surveyBoard(api, stage.context, stage.ceremony.keyed, stage.group.members[member]!.identity));
    expect((await survey(1)).own.map(({ hash }) => hash)).toEqual([entryHash(entries[1]!)]);
    expect((await survey(2)).own.map(({ entry }) => entry.said.action)).toEqual(['sign', 'withdraw']);
    const stranger = await survey(7);
    expect(stranger).toMatchObject({ own: [], counts: new Map([[stage.group.id, 2]]) });
    expect(stranger.live).toHaveLength(2);
    expect(stranger.live).toContain(entries[1]!.nullifier);
  });

  const read = (api: ReturnType<typeof board>) => readBoard(api, stage.context, stage.ceremony.keyed, () => {});

  it('refuses a board with a checkpoint removed, another entry, or one signed by somebody else', async () => {
    const [first, second] = parts.map(shownPart) as [BoardCheckpoint, BoardCheckpoint];
    expect(await read(board([second]))).toMatchObject({ ok: false, code: 'CHECKPOINT_NUMBER' });
    expect(await read(board([{ ...first, bodies: [entries[3]!] }]))).toMatchObject({ ok: false, code: 'BOARD_BODIES' });
    const other = { ...first, entries: [entryHash(entries[3]!)], bodies: [entries[3]!] };
    expect(await read(board([other]))).toMatchObject({ ok: false, code: 'CHECKPOINT_ROOT' });
    const moved = { ...first, checkpoint: { ...first.checkpoint, time: first.checkpoint.time + 1 } };
    expect(await read(board([moved]))).toMatchObject({ ok: false, code: 'CHECKPOINT_SIGNATURE' });
  });

  it('believes no index: one that skips, repeats, holds back, or announces what does not come is refused (T9)', async () => {
    const whole = parts.map(shownPart);
    const last = checkpointHash(parts[1]!.checkpoint);
    const told = (segments: BoardIndex['segments'], head = 2) => board(whole, { index: () => ({ head, segments }) });
    expect(await read(told([{ from: 2, to: 2, hash: last }]))).toMatchObject({ code: 'CHECKPOINT_NUMBER' });
    expect(await read(told([]))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(told([{ from: 1, to: 2, hash: last }], 3))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(told([{ from: 1, to: 1, hash: last }]))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(told([{ from: 2, to: 1, hash: last }]))).toMatchObject({ code: 'CHECKPOINT_NUMBER' });
    const segment = ({ checkpoints }: BoardSegment) => ({ checkpoints: checkpoints.slice(0, 1) });
    expect(await read(board(whole, { segment }))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(board(whole, { segment: () => ({ checkpoints: [] }) }))).toMatchObject({ code: 'BOARD_HEAD' });
    const fork = publish(stage.context, stage.ceremony.keyed, [entries.slice(0, 1), entries.slice(1, 3)], 1_800_002_500).map(shownPart);
    expect(await read(board(whole, { segment: () => ({ checkpoints: fork }) }))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(board(whole))).toMatchObject({ ok: true, value: { number: 2 } });
  });

  it('reads 401 checkpoints in three segments, and none that are cut for one reader alone', async () => {
    const long = longBoard(401);
    const asked: string[] = [];
    const count = (honest: BoardSegment) => {
      asked.push(`${honest.checkpoints[0]?.checkpoint.number}…${honest.checkpoints.at(-1)?.checkpoint.number}`);
      return honest;
    };
    expect(await read(board(long, { segment: count }))).toMatchObject({ ok: true, value: { number: 401 } });
    expect(asked).toEqual(['1…200', '201…400', '401…401']);
    const hashOf = (number: number) => checkpointHash(long[number - 1]!.checkpoint);
    const marked = (head: number, ...ends: number[]) => ({
      index: () => ({ head, segments: ends.map((to, i) => ({ from: (ends[i - 1] ?? 0) + 1, to, hash: hashOf(to) })) }),
    });
    for (const ends of [[199, 401], [1, 201, 401], [200, 250, 401], [201, 401]]) // biome-ignore format: cuts
      expect(await read(board(long, marked(401, ...ends)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    // Nor cuts beyond what the index itself calls the end, where every range would be the last.
    expect(await read(board(long, marked(1, 1, 3, 7)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    expect(await read(board(long, marked(0, 3, 7)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
  });

  const longBoard = (checkpoints: number) =>
    publish(
      stage.context,
      stage.ceremony.keyed,
      Array.from({ length: checkpoints }, () => []),
      1_800_002_000,
    ).map(shownPart);

  it('leaves nothing in its cache that tells what end of the board the platform named to it (T9)', async () => {
    const whole = longBoard(350);
    let told = whole.length;
    const platform = async (input: string) => {
      const answer = answerBoard(input.includes('?') ? whole.slice(0, told) : whole, input);
      return Response.json(answer, { headers: { 'Cache-Control': input.includes('?') ? 'no-store' : 'public, max-age=3600' } });
    };
    const askedAgain: string[][] = [];
    for (const end of [250, 300, 350]) {
      const cache = startSharedCache(platform, () => 0, 'one');
      const api = createApi('https://example.org', cache.fetch);
      told = end;
      expect(await read(api)).toMatchObject({ ok: true, value: { number: end } });
      cache.asked.length = 0;
      told = whole.length;
      expect(await read(api)).toMatchObject({ ok: true, value: { number: 350 } });
      askedAgain.push(cache.asked.map((address) => address.split('/board')[1] as string));
    }
    const again = ['?after=0', `/201/${checkpointHash(whole[349]!.checkpoint)}`];
    expect(askedAgain).toEqual([again, again, again]);
  });

  it('asks anew for what a cache holds in a form that cannot be right, and once only', async () => {
    const long = longBoard(201);
    let calls: (RequestCache | undefined)[] = [];
    const cached = (mended: boolean) =>
      createApi('https://example.org', async (input, init) => {
        const honest = answerBoard(long, input);
        if (!honest || 'head' in honest) return Response.json(honest);
        calls.push(init.cache);
        return Response.json(mended && init.cache ? honest : { checkpoints: honest.checkpoints.slice(0, 1) });
      });
    expect(await read(cached(true))).toMatchObject({ ok: true, value: { number: 201 } });
    expect(calls).toEqual([undefined, 'reload', 'no-store']);
    calls = [];
    expect(await read(cached(false))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    expect(calls).toEqual([undefined, 'reload']);
  });
});
