import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import type { BoardIndex } from '#lib/api/shapes.ts';
import { checkpointHash, emptyBoard, headOf, type ListedCheckpoint, signCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import { countsOf, readPublicBoard, surveyBoard } from '#lib/signing/read-board.ts';
import { answerBoard, type BoardSegment } from '../support/board-answers.ts';
import { startSharedCache } from '../support/shared-cache.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { bodyWithoutProof, listBodies } from './signed-board.ts';
import { answeringApi, type Stage, setStage, value } from './stage.ts';

let stage: Stage;
let bodies: Body[];
let lists: ListedCheckpoint[];
beforeAll(async () => {
  stage = await setStage();
  bodies = [0, 1, 2, 3].map((member) => bodyWithoutProof(stage, member));
  lists = listBodies(stage, [bodies.slice(0, 1), bodies.slice(1, 3)], 1_800_002_000);
});

type Lie = { index?: (honest: BoardIndex) => BoardIndex; segment?: (honest: BoardSegment) => BoardSegment };
/** A platform with these checkpoints, and the lies it tells about them. */
const board = (shown = lists, { index, segment }: Lie = {}) =>
  answeringApi((path) => {
    const honest = answerBoard(shown, path);
    if (!honest) return Response.json({ error: { code: 'SEGMENT_NOT_FOUND', message: 'There is none.' } }, { status: 404 });
    return Response.json('head' in honest ? (index?.(honest) ?? honest) : (segment?.(honest) ?? honest));
  });
const read = (api: ReturnType<typeof board>) => readPublicBoard(api, stage.context, stage.ceremony.keyed, () => {});
const longBoard = (checkpoints: number) =>
  listBodies(
    stage,
    Array.from({ length: checkpoints }, () => []),
    1_800_002_000,
  );
const ended = (number: number) => ({ ok: true, value: { head: { number } } });

describe('reading the lists of a board', () => {
  it('gives every checkpoint in order and the counts of the newest, and asks for nothing but whole lists', async () => {
    const asked: string[] = [];
    const api = answeringApi((path) => {
      asked.push(path.split('/board')[1] ?? path);
      return Response.json(answerBoard(lists, path));
    });
    const seen: number[] = [];
    const head = value(
      await readPublicBoard(api, stage.context, stage.ceremony.keyed, ({ checkpoint, listed }) => {
        seen.push(checkpoint.number, listed.length);
      }),
    ).head;
    expect(seen).toEqual([1, 1, 2, 2]);
    expect(countsOf(head)).toEqual(new Map([[stage.group.id, 3]]));
    expect(asked).toEqual(['?after=0', `/1/${checkpointHash(lists[1]!)}`]);
  });

  it('counts what is live, and nothing on an empty board', async () => {
    const withdrawal = bodyWithoutProof(stage, 2, { action: 'withdraw', group: stage.group.id });
    const board3 = listBodies(stage, [bodies.slice(0, 1), bodies.slice(1, 3), [withdrawal]], 1_800_002_000);
    const survey = async (api: ReturnType<typeof board>) => value(await surveyBoard(api, stage.context, stage.ceremony.keyed)).counts;
    expect(await survey(board(board3))).toEqual(new Map([[stage.group.id, 2]]));
    expect(await survey(board([]))).toEqual(new Map());
  });

  it('refuses a board with a checkpoint removed, another list, a hash listed twice, or one signed by somebody else', async () => {
    const [first, second] = lists as [ListedCheckpoint, ListedCheckpoint];
    expect(await read(board([second]))).toMatchObject({ ok: false, code: 'CHECKPOINT_NUMBER' });
    expect(await read(board([{ ...first, listed: second.listed.slice(0, 1) }]))).toMatchObject({ ok: false, code: 'CHECKPOINT_ROOT' });
    expect(await read(board([{ ...first, time: first.time + 1 }]))).toMatchObject({ ok: false, code: 'CHECKPOINT_SIGNATURE' });
    expect(await read(board([{ ...first, live: [{ group: stage.group.id, count: 2 }] }]))).toMatchObject({ code: 'CHECKPOINT_SIGNATURE' });
    const twice = listBodies(stage, [bodies.slice(0, 1), bodies.slice(0, 1)], 1_800_002_000);
    expect(await read(board(twice))).toMatchObject({ ok: false, code: 'CHECKPOINT_LIST' });
    const far = listBodies(stage, [[], ...Array.from({ length: 200 }, () => []), bodies.slice(0, 1), bodies.slice(0, 1)], 1_800_002_000);
    expect(await read(board(far))).toMatchObject({ ok: false, code: 'CHECKPOINT_LIST' });
  });

  it('believes no index: one that skips, repeats, holds back, or announces what does not come is refused (T9)', async () => {
    const last = checkpointHash(lists[1]!);
    const told = (segments: BoardIndex['segments'], head = 2) => board(lists, { index: () => ({ head, segments }) });
    expect(await read(told([{ from: 2, to: 2, hash: last }]))).toMatchObject({ code: 'CHECKPOINT_NUMBER' });
    expect(await read(told([]))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(told([{ from: 1, to: 2, hash: last }], 3))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(told([{ from: 1, to: 1, hash: last }]))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(told([{ from: 2, to: 1, hash: last }]))).toMatchObject({ code: 'CHECKPOINT_NUMBER' });
    const segment = ({ checkpoints }: BoardSegment) => ({ checkpoints: checkpoints.slice(0, 1) });
    expect(await read(board(lists, { segment }))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(board(lists, { segment: () => ({ checkpoints: [] }) }))).toMatchObject({ code: 'BOARD_HEAD' });
    const fork = listBodies(stage, [bodies.slice(0, 1), bodies.slice(1, 3)], 1_800_002_500);
    expect(await read(board(lists, { segment: () => ({ checkpoints: fork }) }))).toMatchObject({ code: 'BOARD_HEAD' });
    expect(await read(board(lists))).toMatchObject(ended(2));
  });

  it('reads no board that need never end: with more than all members could have sent, or more checkpoints than any has', async () => {
    const invented = (count: number) => {
      let head = emptyBoard(stage.ceremony.keyed.transcript);
      return Array.from({ length: count }, (_, i) => {
        const listed = Array.from({ length: 9 }, (_, j) => (9 * i + j).toString(16).padStart(64, '0'));
        const content = { listed, live: new Map(), time: 1_800_002_000 + i };
        const checkpoint = signCheckpoint(stage.context, head, content, PLATFORM_SEED);
        head = headOf(checkpoint);
        return checkpoint;
      });
    };
    const most = 2 * stage.group.header.size;
    expect(await read(board(invented(Math.floor(most / 9))))).toMatchObject({ ok: true });
    expect(await read(board(invented(Math.floor(most / 9) + 1)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    let asks = 0;
    const long = board(lists, {
      index: (honest) => {
        asks++;
        return { ...honest, head: 2 ** 40 };
      },
    });
    expect(await read(long)).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    expect(asks).toBe(1);
  });

  it('reads 401 checkpoints in three segments, and none that are cut for one reader alone', async () => {
    const long = longBoard(401);
    const asked: string[] = [];
    const count = (honest: BoardSegment) => {
      asked.push(`${honest.checkpoints[0]?.number}…${honest.checkpoints.at(-1)?.number}`);
      return honest;
    };
    expect(await read(board(long, { segment: count }))).toMatchObject(ended(401));
    expect(asked).toEqual(['1…200', '201…400', '401…401']);
    const hashOf = (number: number) => checkpointHash(long[number - 1]!);
    const marked = (head: number, ...ends: number[]) => ({
      index: () => ({ head, segments: ends.map((to, i) => ({ from: (ends[i - 1] ?? 0) + 1, to, hash: hashOf(to) })) }),
    });
    for (const ends of [[199, 401], [1, 201, 401], [200, 250, 401], [201, 401]]) // biome-ignore format: cuts
      expect(await read(board(long, marked(401, ...ends)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    // Nor cuts beyond what the index itself calls the end, where every range would be the last.
    expect(await read(board(long, marked(1, 1, 3, 7)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    expect(await read(board(long, marked(0, 3, 7)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    expect(await read(board(long, marked(1, 1, 201)))).toMatchObject({ ok: false, code: 'BOARD_HEAD' }); // full from there on
  });

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
      expect(await read(api)).toMatchObject(ended(end));
      cache.asked.length = 0;
      told = whole.length;
      expect(await read(api)).toMatchObject(ended(350));
      askedAgain.push(cache.asked.map((address) => address.split('/board')[1] as string));
    }
    const again = ['?after=0', `/201/${checkpointHash(whole[349]!)}`];
    expect(askedAgain).toEqual([again, again, again]);
  });

  it('asks anew for what a cache holds in a form that cannot be right, once only, and takes nothing of it into the board', async () => {
    const long = longBoard(201);
    let calls: (RequestCache | undefined)[] = [];
    const cached = (mended: boolean) =>
      createApi('https://example.org', async (input, init) => {
        const honest = answerBoard(long, input);
        if (!honest || 'head' in honest) return Response.json(honest);
        calls.push(init.cache);
        return Response.json(mended && init.cache ? honest : { checkpoints: honest.checkpoints.slice(0, 1) });
      });
    expect(await read(cached(true))).toMatchObject(ended(201));
    expect(calls).toEqual([undefined, 'reload', 'no-store']);
    calls = [];
    expect(await read(cached(false))).toMatchObject({ ok: false, code: 'BOARD_HEAD' });
    expect(calls).toEqual([undefined, 'reload']);
  });
});
