import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createMailer } from '#lib/agent/mailer.ts';
import { describeEntry, type LogEntry } from '#lib/host/log.ts';
import { startMailServer } from '../support/mail-server.ts';

const NOW = 1_800_000_000;
const logged: string[] = [];
const log = (entry: LogEntry) => void logged.push(describeEntry(entry));
const letter = (name: number) => ({ to: `person${name}@work.example`, subject: 'Your code', text: 'Your code: ABCD-EFGH\n' });
let end: (() => Promise<void>) | undefined;
afterEach(async () => {
  await end?.();
  logged.length = 0;
});

/** Takes connections and never says a word. @returns its address */
async function startSilentServer(): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer((socket) => void open.add(socket.on('error', () => {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  end = async () => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('all of many letters that are posted at once go out, one after the other', async () => {
  const server = await startMailServer();
  end = () => server.stop();
  const mailer = createMailer({ url: server.url, from: 'post@union.example' }, () => NOW, log);
  for (let i = 0; i < 260; i++) mailer.post(letter(i));
  await mailer.settled();
  expect(new Set(server.mails.flatMap(({ to }) => to)).size).toBe(260);
  expect(logged).toEqual([]);
});

it('a letter whose code is over when its turn comes is not sent, and the log says so without an address', async () => {
  const server = await startMailServer();
  end = () => server.stop();
  const mailer = createMailer({ url: server.url, from: 'post@union.example' }, () => NOW, log);
  mailer.post({ ...letter(1), until: NOW });
  mailer.post({ ...letter(2), until: NOW + 1 });
  mailer.post(letter(3));
  await mailer.settled();
  expect(server.mails.flatMap(({ to }) => to).sort()).toEqual(['person2@work.example', 'person3@work.example']);
  expect(logged).toEqual([expect.stringContaining('its code was over')]);
});

it('whoever asks whether there is room is told before a letter is left out, and what still waits at the end is counted', async () => {
  const url = await startSilentServer();
  const mailer = createMailer({ url, from: 'post@union.example' }, () => NOW, log);
  let posted = 0;
  for (; mailer.hasRoom(); posted++) mailer.post(letter(posted));
  expect(posted).toBeGreaterThan(9_999);
  mailer.post(letter(posted));
  expect(logged).toEqual([expect.stringContaining('one was not sent')]);
  const closed = mailer.close();
  await end?.();
  await closed;
  expect(logged[1]).toContain('10000 mails were still waiting');
});
