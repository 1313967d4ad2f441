import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '#db/free-port.ts';
import type { GuardedProcess } from '#db/guarded-process.ts';
import { createApi } from '#lib/api/client.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { buildPages } from '#scripts/instance/build-pages.ts';
import { startWeb } from '#scripts/instance/web-server.ts';
import { makeJunk } from '../support/junk.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, PLATFORM_SEED, systemRandom, type TestGroup } from '../support/world.ts';

/** More than wait in the queue of a platform. */
const FLOOD = 700;

describe('the server as it is built', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'built-server-'));
  const log: string[] = [];
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let web: GuardedProcess;
  let origin: string;
  beforeAll(async () => {
    await buildPages(() => {}, 'ignore');
    platform = await startPlatform({ seed: 'built server' });
    group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
    const port = await findFreePort();
    origin = `http://127.0.0.1:${port}`;
    const keyFile = path.join(folder, 'platform.key');
    writeFileSync(keyFile, bytesToHex(PLATFORM_SEED), { mode: 0o600 });
    const settings = { DATABASE_URL: platform.databaseUrl, SESSION_SECRET: 'x'.repeat(32), PLATFORM_KEY_FILE: keyFile };
    const all = { ...settings, PUBLIC_URL: `http://localhost:${port}`, ACCEPT_DEV_KEYS: '1' };
    web = await startWeb({ mode: 'start', listen: { addresses: ['127.0.0.1'], port }, settings: all }, (line) => log.push(line));
  }, 600_000);
  afterAll(async () => {
    await web?.stop();
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('under a flood of junk turns it away as busy or false, and lets a signer through who does some work', async () => {
    const post = (body: unknown) =>
      fetch(`${origin}/api/anonymous/statements/${open.context.id}/signatures`, { method: 'POST', body: JSON.stringify(body) });
    const entry = await signOn(open, group, 0);
    const salt = createListingSalt(systemRandom);
    const sendJunk = (times: number) =>
      Array.from({ length: times * FLOOD }, () => post(makeJunk(open.context.id, group.id)).then(({ status }) => status));
    const flood = sendJunk(1);
    const receipt = await createApi(origin, fetch).postSignature(open.context.id, { entry, salt });
    expect(receipt.action).toBe('sign');
    const statuses = new Set(await Promise.all(flood));
    // A machine with other things to do sends junk no faster than it is judged: then more of it comes at once.
    for (let times = 2; times <= 5 && !statuses.has(503); times++)
      for (const status of await Promise.all(sendJunk(times))) statuses.add(status);
    expect(statuses).toEqual(new Set([400, 503]));
    expect(log.join('\n')).not.toContain('Internal error');
  });

  it('answers a step that nobody has signed by its first line, without waiting for its lists', async () => {
    const hash = 'ab'.repeat(32);
    const place = { wave: 1, content: hash, step: 1, previous: hash, lists: [{ group: group.id, list: hash }] };
    const mix = { type: 'mix', statement: open.context.id, trustee: 1, ...place, signature: 'ab'.repeat(64) };
    const sending = request(`${origin}/api/anonymous/statements/${open.context.id}/messages`, { method: 'POST' });
    const answer = once(sending, 'response');
    sending.write(`${canonicalJson(mix)}\n{"type":"mix-list"`); // and nothing more comes
    const [response] = (await answer) as [IncomingMessage];
    expect(JSON.parse((await response.toArray()).join(''))).toMatchObject({ error: { code: 'TRUSTEE_SIGNATURE' } });
    sending.destroy();
  });

  it('says what is not there with its own code and status, in routes and pages', async () => {
    const none = '0'.repeat(64);
    expect((await fetch(`${origin}/api/anonymous/statements/${none}`)).status).toBe(404);
    const long = await fetch(`${origin}/statements?search=${'pay '.repeat(60)}`);
    expect([long.status, await long.text()]).toEqual([200, expect.stringContaining('Only the first 100 characters')]);
    for (const page of [`/s/${none}`, `/groups/${none}`, '/statements?before=x']) expect((await fetch(origin + page)).status).toBe(404);
    expect(log.join('\n')).not.toContain('Internal error');
  });
});
