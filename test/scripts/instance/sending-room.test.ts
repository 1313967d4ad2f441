import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createSendingRoom, type SendingRoom } from '#scripts/instance/sending-room.ts';

const MB = 1024 * 1024;
/** More than the buffers of two sockets take, so that some of it waits in the server. */
const LARGE = 24 * MB;

describe('the room for answers that wait to be sent', () => {
  const readers: Socket[] = [];
  let server: Server;
  afterEach(() => {
    for (const reader of readers.splice(0)) reader.destroy();
    server.close();
  });

  async function serve(room: SendingRoom): Promise<ServerResponse[]> {
    const responses: ServerResponse[] = [];
    server = createServer((request, response) => {
      responses.push(response);
      room.enter(response);
      if (request.url !== '/never') response.end(Buffer.alloc(request.url === '/small' ? 100 : LARGE));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return responses;
  }

  /** Asks and reads nothing until told to. */
  async function ask(path: string): Promise<Socket> {
    const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
    readers.push(reader);
    reader.on('error', () => {});
    reader.pause();
    await once(reader, 'connect');
    reader.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);
    return reader;
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await sleep(10);
  }

  /** Reads a whole answer, in bursts with pauses between them. */
  async function readSlowly(reader: Socket, pauseMs: number): Promise<number> {
    let bytes = 0;
    reader.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes % (4 * MB) < chunk.length) {
        reader.pause();
        setTimeout(() => reader.resume(), pauseMs);
      }
    });
    reader.resume();
    await Promise.race([until(() => bytes > LARGE), once(reader, 'close')]);
    return bytes;
  }

  it('lets go a reader that stands still, and neither one that is slow nor one whose answer is still being made', async () => {
    const responses = await serve(createSendingRoom({ mostBytes: 1_000 * MB, patienceMs: 1_500 }));
    await ask('/never');
    await until(() => responses.length === 1);
    await ask('/still');
    await until(() => responses.length === 2);
    const slow = readSlowly(await ask('/slow'), 300); // for longer in all than a reader may stand still
    await until(() => responses[1]?.destroyed === true);
    expect(await slow).toBeGreaterThan(LARGE);
    expect(responses[0]?.destroyed).toBe(false);
  });

  it('breaks off what has held most for longest when too much waits, and nothing that is read at once', async () => {
    let time = 0;
    const room = createSendingRoom({ mostBytes: 2.5 * LARGE, patienceMs: 600_000 }, () => time);
    const responses = await serve(room);
    for (const path of ['/first', '/second', '/third']) {
      await ask(path);
      time += 1_000;
      await until(() => responses.length === readers.length && (responses.at(-1)?.writableLength ?? 0) > 0);
    }
    expect(responses.map(({ destroyed }) => destroyed)).toEqual([false, false, false]);
    const small = await ask('/small');
    const [answer] = (await Promise.all([once(small, 'data'), small.resume()]))[0] as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
    await until(() => responses[0]?.destroyed === true);
    room.tidy();
    expect(responses.slice(1, 3).map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });
});
