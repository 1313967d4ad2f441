import { describe, expect, it } from 'vitest';
import { readBytes, readJson, readParts } from '#lib/server/http/body.ts';
import { createBodyRoom, type RoomSize } from '#lib/server/http/body-room.ts';

const SIZE: RoomSize = { small: 20, ofSmall: 60, ofLong: 250 };

/** A room with a clock that the test turns, and requests that it sends by pieces. */
function setStage() {
  const clock = { seconds: 0 };
  const room = createBodyRoom(SIZE, () => clock.seconds);
  const start = (patienceMs = 60_000) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({}, { highWaterMark: 100 }, { highWaterMark: 100 });
    const writer = writable.getWriter();
    const request = new Request('https://platform.example', { method: 'POST', body: readable, duplex: 'half' } as RequestInit);
    const read = readBytes(request, 200, { room, patienceMs }).then(({ length }) => length, ({ code }) => code as string); // biome-ignore format: one thing
    const push = async (bytes: number) => {
      await writer.write(new Uint8Array(bytes)).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    return { read, push, end: () => writer.close().catch(() => {}) };
  };
  return { clock, start };
}

describe('bodies that are read at the same time (T20)', () => {
  it('share their room: of long ones the slowest is given up, not who came last', async () => {
    const { clock, start } = setStage();
    const slow = start();
    await slow.push(100);
    const short = start();
    await short.push(20);
    clock.seconds = 100;
    const one = start();
    await one.push(100);
    const other = start();
    await other.push(100);
    expect(await slow.read).toBe('BUSY');
    for (const body of [short, one, other]) await body.end();
    expect(await Promise.all([short.read, one.read, other.read])).toEqual([20, 100, 100]);
  });

  it('are bounded also where each is small: what has stalled for longest goes, and an ordinary request comes through', async () => {
    const { clock, start } = setStage();
    const stalled = [start(), start(), start()];
    for (const body of stalled) {
      await body.push(19);
      clock.seconds += 1;
    }
    const ordinary = start();
    await ordinary.push(10);
    await ordinary.end();
    expect(await ordinary.read).toBe(10);
    expect(await stalled[0]!.read).toBe('BUSY');
    for (const body of stalled.slice(1)) await body.end();
    expect(await Promise.all(stalled.slice(1).map(({ read }) => read))).toEqual([19, 19]);
  });

  it('take no room from long ones, nor long ones from them', async () => {
    const { start } = setStage();
    const long = [start(), start()];
    for (const body of long) await body.push(120);
    const small = start();
    await small.push(15);
    for (const body of [...long, small]) await body.end();
    expect(await Promise.all([...long, small].map(({ read }) => read))).toEqual([120, 120, 15]);
  });
});

describe('a body whose first line is judged (T20)', () => {
  /** A body that comes in these pieces. */
  const bodyOf = (pieces: readonly string[]) => {
    const rest = [...pieces];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = rest.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(piece));
      },
    }, { highWaterMark: 0 }); // biome-ignore format: one thing
    const request = new Request('https://platform.example', { method: 'POST', body, duplex: 'half' } as RequestInit);
    return { request, rest };
  };
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

  it('is read no further when that line is refused', async () => {
    const { request, rest } = bodyOf(['fir', 'st\nsecond', '\nthird', '\nfourth']);
    const judgeFirstLine = async (line: Uint8Array) => {
      throw new Error(`refused: ${text(line)}`);
    };
    await expect(readBytes(request, 200, { judgeFirstLine })).rejects.toThrow('refused: first');
    expect(rest).toEqual(['\nthird', '\nfourth']);
  });

  it('is judged once and read to its end when that line holds, and not at all when it has no line', async () => {
    for (const [pieces, lines] of [
      [['a\nb', '\nc'], ['a']],
      [['\n'], ['']],
      [['abc', 'd'], []],
    ] as const) {
      const judged: string[] = [];
      const judgeFirstLine = async (line: Uint8Array) => void judged.push(text(line));
      expect(text(await readBytes(bodyOf(pieces).request, 200, { judgeFirstLine }))).toBe(pieces.join(''));
      expect(judged).toEqual(lines);
    }
  });
});

describe('a body that stalls (T20)', () => {
  it('keep nothing of the pieces in which they come, however small these are', async () => {
    const text = 'a body that comes byte by byte';
    const piece = new Uint8Array(1); // the same one every time: whoever kept it would read its last letter everywhere
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at === text.length) return controller.close();
        piece[0] = text.charCodeAt(at++);
        controller.enqueue(piece);
      },
    }, { highWaterMark: 0 }); // biome-ignore format: one thing
    const request = new Request('https://platform.example', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(new TextDecoder().decode(await readBytes(request, 200))).toBe(text);
  });

  it('is not waited for: whoever sends it is told so', async () => {
    const { start } = setStage();
    const body = start(50);
    await body.push(10);
    expect(await body.read).toBe('BODY_TOO_SLOW');
  });
});

describe('a form', () => {
  it('of another kind than the pages send is refused before it is read', async () => {
    const body = new URLSearchParams(Array.from({ length: 100 }, (_, i) => [`a${i}`, '']));
    const request = new Request('https://platform.example', { method: 'POST', body });
    const read = readParts(request, [5_000, 5_000], ['roll', 'capsules']);
    await expect(read).rejects.toMatchObject({ code: 'BAD_SHAPE', detail: 'expected multipart/form-data' });
    expect(request.bodyUsed).toBe(false);
  });

  const formOf = (roll: string, capsules = 'x') => {
    const body = new FormData();
    body.set('roll', roll);
    body.set('capsules', new Blob([capsules]));
    return new Request('https://platform.example', { method: 'POST', body });
  };

  it('has no part that takes the room of the other', async () => {
    const read = (request: Request) => readParts(request, [100, 1_000], ['roll', 'capsules']);
    await expect(read(formOf(`{"a":"${'x'.repeat(500)}"}`))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
    await expect(read(formOf('{"a":1}', 'x'.repeat(500)))).resolves.toMatchObject({ roll: { a: 1 } });
  });

  it('and any other JSON is not read where it has more parts than a full roll: each takes many times its length of memory', async () => {
    const roll = (parts: number) => `{"leaves":[${'{},'.repeat(parts)}{}]}`;
    const read = (parts: number) => readParts(formOf(roll(parts)), [2 ** 24, 10], ['roll', 'capsules']);
    await expect(read(100_000)).resolves.toMatchObject({ capsules: expect.any(Uint8Array) });
    await expect(read(1_000_000)).rejects.toMatchObject({ code: 'NOT_JSON', detail: 'more parts than belong here' });
    const request = new Request('https://platform.example', { method: 'POST', body: roll(1_000_000) });
    await expect(readJson(request, 2 ** 24)).rejects.toMatchObject({ code: 'NOT_JSON' });
  });
});
