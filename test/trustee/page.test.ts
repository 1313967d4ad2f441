import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from '#lib/host/disk.ts';
import { rememberLog } from '#lib/host/log.ts';
import { openConsent } from '#lib/trustee/consent.ts';
import { readIdentity } from '#lib/trustee/keystore.ts';
import { serveTrusteePage } from '#lib/trustee/page/page-server.ts';
import { STANDARD_POLICY } from '#lib/trustee/policy.ts';
import { describeQueue, writeQueue } from '#lib/trustee/queue.ts';
import { systemRandom } from '../support/world.ts';
import { type Actor, runRounds, type Stage, setStage, startAll } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ change: { text: [{ language: 'en', title: 'A <b>fair</b> count', body: 'We ask.' }] } });
});
afterAll(() => stage?.close());

/** A trustee that asks, with its page. */
async function open(asks?: boolean) {
  const disk = createDisk(await stage.keystoreOf(1));
  const consent = await openConsent(disk, asks);
  const actor = await stage.start(1, { consent });
  const rounds = { heardAt: () => stage.clock.now, isReady: () => true };
  const memory = rememberLog(
    () => {},
    () => stage.clock.now,
  );
  const identity = (await readIdentity(disk))!;
  const about = { disk, identity, now: () => stage.clock.now, random: systemRandom, policy: STANDARD_POLICY, consent };
  const page = await serveTrusteePage({ ...about, trustee: actor.trustee, platform: stage.board.url, rounds, memory }, 0);
  return { actor, page, memory, consent, origin: new URL(page.link).origin, ...(await enter(page.link)) };
}

/** Opens the page as a browser does. */
async function enter(link: string) {
  const entered = await fetch(link, { redirect: 'manual' });
  const cookie = (entered.headers.get('Set-Cookie') ?? '').split(';', 1)[0] as string;
  const { origin } = new URL(link);
  const read = async (path = '/') => (await fetch(origin + path, { headers: { Cookie: cookie } })).text();
  const say = async (answer: string, headers: Record<string, string> = {}, token?: string) => {
    const [, shown = ''] = /name="token" value="([^"]+)"/.exec(await read()) ?? [];
    const body = new URLSearchParams({ token: token ?? shown, say: answer });
    const init = { method: 'POST', body, headers: { Cookie: cookie, Origin: origin, ...headers }, redirect: 'manual' as const };
    return fetch(`${origin}/statements/${stage.context.id}`, init);
  };
  return { entered, cookie, read, say };
}

/** What `status`, which is another process, says of statements that wait. */
const listWaiting = ({ folder }: Actor) => describeQueue(createDisk(folder));

describe('the page of a trustee that asks', () => {
  let opened: Awaited<ReturnType<typeof open>>;
  let others: Actor[];
  beforeAll(async () => {
    opened = await open(true);
    others = await startAll(stage, [2, 3, 4]);
    await runRounds([opened.actor, ...others], 2);
  });
  afterAll(() => opened?.page.stop());

  it('opens by its link alone, on this machine alone, and runs no script', async () => {
    const { origin, page, entered, cookie } = opened;
    expect(new URL(origin).hostname).toBe('127.0.0.1');
    expect([entered.status, entered.headers.get('Set-Cookie')]).toEqual([303, expect.stringMatching(/HttpOnly; SameSite=Lax/)]);
    const cookieless = await fetch(new URL(entered.headers.get('Location') ?? '', origin));
    expect([cookieless.status, await cookieless.text()]).toEqual([403, expect.stringContaining('keeps no cookie')]);
    const strangers = [fetch(origin), fetch(`${origin}/enter?key=x`), fetch(origin, { headers: { Cookie: `${cookie}x` } })];
    for (const answer of await Promise.all(strangers))
      expect([answer.status, await answer.text()]).toEqual([403, expect.not.stringContaining('fair')]);
    const known = await fetch(origin, { headers: { Cookie: cookie } });
    expect(known.headers.get('Content-Security-Policy')).toMatch(/default-src 'none'; script-src 'none';.*frame-ancestors 'none'/);
    expect([known.headers.get('Cache-Control'), await known.text()]).toEqual(['no-store', expect.not.stringContaining('<script')]);
    expect(readFileSync(path.join(opened.actor.folder, 'trustee.json'), 'utf8')).not.toContain(new URL(page.link).searchParams.get('key'));
  });

  it('shows what waits for an answer, as it was written, as status does, and joins nothing before', async () => {
    expect(await listWaiting(opened.actor)).toEqual([
      'One statement waits for your answer on the page of serve --page:',
      expect.stringMatching(new RegExp(`^${stage.context.id}  “A <b>fair</b> count”  until \\d{4}-`)),
    ]);
    expect(await opened.read()).toMatch(/One statement waits for your answer[\s\S]*A &lt;b&gt;fair&lt;\/b&gt; count/);
    expect(stage.messagesOf('commit').map(({ trustee }) => trustee)).toEqual([2, 3, 4]);
  });

  it('T93: takes an answer from its own form alone', async () => {
    const { origin, cookie, say } = opened;
    const refused = [
      say('join', { Origin: 'https://evil.example' }),
      say('join', { 'Sec-Fetch-Site': 'cross-site' }),
      say('join', {}, 'not the token'),
      say('destroy'),
      say('join', { Cookie: '' }, 'any'),
    ];
    for (const answer of await Promise.all(refused)) expect(answer.status).toBe(403);
    const other = await fetch(`${origin}/statements/${'ab'.repeat(32)}`, { method: 'POST', headers: { Cookie: cookie } });
    expect(other.status).toBe(403);
    // A name of a stranger's DNS that leads here: its own script could read what is answered.
    const named = request(origin, { headers: { Cookie: cookie, Host: `evil.example:${new URL(origin).port}` } }).end();
    const [answer] = (await once(named, 'response')) as [IncomingMessage];
    expect([answer.statusCode, (await answer.toArray()).join('')]).toEqual([403, expect.not.stringContaining('fair')]);
    await runRounds([opened.actor], 2);
    expect(opened.actor.lines).not.toContainEqual(expect.stringContaining('joined as trustee'));
  });

  it('joins after the press, and shows what it holds, what it has done and what is withheld', async () => {
    const { actor, memory, read, say } = opened;
    expect((await say('join')).status).toBe(303);
    stage.clock.now += 3;
    await runRounds([actor, ...others], 4);
    memory.log({ code: 'SENT', statement: stage.context.id, text: 'confirm sent' });
    expect(actor.lines).toContainEqual(expect.stringContaining('joined as trustee 1'));
    expect(await listWaiting(actor)).toEqual([]);
    const shown = await read();
    expect(shown).toMatch(/This machine holds a share of one key\.[\s\S]*It can be signed until[\s\S]*confirm sent/);
    expect(shown).not.toContain('Asked of you');
    expect((await say('decline', {}, undefined)).status).toBe(403); // there is no form any more
  });
});

it('what a person declined is joined by no later start, and stays declined', async () => {
  await stage.close();
  stage = await setStage({ seed: 'declined' });
  const first = await open(true);
  await runRounds([first.actor], 2);
  expect((await first.say('decline')).status).toBe(303);
  await first.page.stop();
  expect(await listWaiting(first.actor)).toHaveLength(2); // as it was written last
  const again = await open(); // what was said before holds: it asks
  stage.clock.now += 3;
  await runRounds([again.actor], 2);
  expect(again.actor.lines).toContainEqual(expect.stringContaining('not joined: DECLINED'));
  expect(await listWaiting(again.actor)).toEqual([]);
  expect(await again.read()).not.toContain('Asked of you');
  await again.page.stop();
  const third = await open(false);
  await runRounds([third.actor], 2);
  expect(third.actor.lines).toEqual([]);
  await third.page.stop();
});

it('a group whose statements fill the list of a trustee that asks hides those of no other, and what is not listed is counted', async () => {
  const disk = createDisk(await stage.keystoreOf(2));
  const consent = await openConsent(disk, true);
  const ask = (i: number, group: string) =>
    consent.answerTo({ ...stage.context, id: i.toString(16).padStart(64, '0') }, { by: 'member', group });
  for (let i = 0; i < 2_100; i++) ask(i, 'a'.repeat(64));
  const [one, other] = ['b'.repeat(64), 'c'.repeat(64)];
  ask(5_000, one);
  ask(5_001, other);
  expect(consent.waiting()).toHaveLength(2_000);
  for (const id of [5_000, 5_001]) expect(consent.isAsked(id.toString(16).padStart(64, '0'), 0)).toBe(true);
  expect(consent.unlisted()).toBe(102);
  const told = async () => {
    await writeQueue(disk, { waiting: [], asked: consent.waiting(), unlisted: consent.unlisted() }, null);
    return (await describeQueue(disk)).at(-1);
  };
  expect(await told()).toBe('102 more wait for a place in this list, and can be answered once others are.');
  for (let i = 0; i < 2_100; i++) ask(i, 'a'.repeat(64)); // those that gave way do not come back in place of others
  for (const id of [5_000, 5_001]) expect(consent.isAsked(id.toString(16).padStart(64, '0'), 0)).toBe(true);
  expect(await consent.say('0'.repeat(64), 'decline')).toBe(true);
  ask(2_099, 'a'.repeat(64));
  expect([consent.waiting().length, consent.unlisted()]).toEqual([2_000, 101]);
});

it('all that wait for an answer can be reached, page by page, those first that have to be decided soonest', async () => {
  const { consent, page, read } = await open(true);
  const id = (i: number) => i.toString(16).padStart(64, '0');
  const { statement } = stage.context;
  for (let i = 0; i < 120; i++)
    consent.answerTo(
      { ...stage.context, id: id(i), statement: { ...statement, openBy: 2_000 - i } },
      { by: 'member', group: 'a'.repeat(64) },
    );
  const shown = async (path: string) => [...(await read(path)).matchAll(/action="\/statements\/(\w{64})"/g)].map(([, one]) => one);
  const soonest = Array.from({ length: 120 }, (_, i) => id(119 - i));
  expect([await shown('/'), await shown('/?page=1'), await shown('/?page=2'), await shown('/?page=9')]).toEqual([
    soonest.slice(0, 50),
    soonest.slice(50, 100),
    soonest.slice(100),
    soonest.slice(100),
  ]);
  expect(await read('/?page=1')).toMatch(/51 to 100 of 120.*href="\/\?page=0".*href="\/\?page=2"/s);
  expect(await shown('/?page=x')).toEqual(soonest.slice(0, 50));
  await page.stop();
});
