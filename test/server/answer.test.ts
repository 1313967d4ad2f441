import { describe, expect, it } from 'vitest';
import { answerStream, answerText } from '#lib/server/http/answer.ts';
import { createBodyRoom } from '#lib/server/http/body-room.ts';
import { handle } from '#lib/server/http/handle.ts';

const MB = 1024 * 1024;
const TEXT = JSON.stringify(['é'.repeat(2 * MB)]);

describe('a long answer of text', () => {
  it('arrives as it is, with its length, and gives its room back', async () => {
    let seats = 0;
    const room = { enter: () => ({ grow: (bytes: number) => (seats += bytes), leave: () => (seats = 0) }) };
    const answer = answerText(TEXT, 200, 'fresh', room as never);
    expect(seats).toBe(4 * MB + 4);
    expect(Number(answer.headers.get('Content-Length'))).toBe(4 * MB + 4);
    expect(await answer.text()).toBe(TEXT);
    expect(seats).toBe(0);
  });

  it('is not kept for whoever asks for its head alone, or has gone before or just after it was there', async () => {
    let seats = 0;
    const room = { enter: () => ({ grow: (bytes: number) => (seats += bytes), leave: () => (seats = 0) }) };
    const route = handle(async () => answerText(TEXT, 200, 'fresh', room as never));
    const ask = (init: RequestInit) => route(new Request('http://x/', init), { params: Promise.resolve({}) });
    const head = await ask({ method: 'HEAD' });
    expect([seats, Number(head.headers.get('Content-Length'))]).toEqual([0, 4 * MB + 4]);
    await ask({ signal: AbortSignal.abort() });
    expect(seats).toBe(0);
    const reader = new AbortController();
    await ask({ signal: reader.signal });
    expect(seats).toBe(4 * MB + 4);
    reader.abort();
    expect(seats).toBe(0);
  });

  it('is broken off for whoever reads it most slowly when others need the room', async () => {
    let time = 0;
    const room = createBodyRoom({ small: 64 * 1024, ofSmall: MB, ofLong: 9 * MB }, () => time);
    const still = answerText(TEXT, 200, 'fresh', room);
    const gone = answerText(TEXT, 200, 'fresh', room);
    await gone.body?.cancel();
    time += 60;
    const others = [answerText(TEXT, 200, 'fresh', room), answerText(TEXT, 200, 'fresh', room)];
    await expect(still.text()).rejects.toThrow('broken off');
    for (const other of others) expect(await other.text()).toBe(TEXT);
  });
});

describe('a text that is made while it is read', () => {
  const LINE = `${'x'.repeat(70_000)}\n`;
  let time = 0;
  const startRoom = () => createBodyRoom({ small: 64 * 1024, ofSmall: MB, ofLong: 5 * MB }, () => time);

  it('is broken off for whoever lets it wait longest when others need the room, and is not made any further', async () => {
    const room = startRoom();
    let isOver = false;
    async function* endless() {
      try {
        for (;;) yield LINE;
      } finally {
        isOver = true;
      }
    }
    const still = answerStream(endless(), {}, room).body!.getReader();
    await still.read();
    await new Promise((resolve) => setImmediate(resolve)); // its next piece waits from now on
    time += 60;
    const others = Array.from({ length: 4 }, () => answerStream(endless(), {}, room).body!.getReader());
    for (let i = 0; i < 20; i++) for (const other of others) expect((await other.read()).value).toHaveLength(LINE.length);
    await expect(still.read().then(() => still.read())).rejects.toThrow('broken off');
    expect(isOver).toBe(true);
    for (const other of others) await other.cancel();
  });

  it('leaves its room when it is read or given up', async () => {
    let seats = 0;
    const room = { enter: () => ({ grow: () => void seats++, leave: () => void seats-- }) };
    async function* some() {
      for (let i = 0; i < 5; i++) yield LINE;
    }
    expect(await answerStream(some(), {}, room).text()).toBe(LINE.repeat(5));
    expect(seats).toBe(0);
    const reader = answerStream(some(), {}, room).body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(seats).toBe(0);
  });
});
