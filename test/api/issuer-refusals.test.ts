import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClerkOf } from '#db/approve-issuer.ts';
import { sql } from '#db/drizzle.cjs';
import { passkeys } from '#db/schema/clerks.ts';
import { formatIssuerRequest, REQUEST_HEADER, signIssuerRequest } from '#lib/api/issuer-request.ts';
import { inventNames, newKeeper, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient, openCookie } from '../support/sign-in.ts';
import { createGroup, systemRandom } from '../support/world.ts';

/** What anybody may ask, and what it says to somebody who brings nothing. Of every other route a session is asked first. */
const OPEN: Record<string, number> = {
  'POST /api/issuer/session': 400,
  'DELETE /api/issuer/session': 204,
  'POST /api/issuer/sign-in-mail': 404,
  'POST /api/issuer/passkey-entry': 400,
  'GET /api/issuer/passkey-entry/question': 200,
};
const FOREIGN: Record<string, string>[] = [
  { Origin: 'https://evil.example' },
  { Origin: 'null' },
  { Origin: `${ORIGIN}.evil.example` },
  {},
];

let platform: TestPlatform;
let routes: Route[];
const group = createGroup('Harbour pilots', inventNames(8), systemRandom);
let victim: ClerkOf;
let other: ClerkOf;
/** What belongs to the issuer whom everybody here goes for, by the place in the address. */
let places: Record<string, string>;
/** A session of theirs that nobody is to end. */
let kept: string;

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = (await loadRoutes()).filter(({ pattern }) => pattern.startsWith('/api/issuer/'));
  victim = platform.keeper;
  other = await newKeeper(platform.ctx, 'another issuer');
  await publishGroup(platform, group);
  const api = await openClient(platform, await loadRoutes(), victim);
  const [session] = await api.listSessions();
  kept = await openCookie(platform, victim);
  await platform.ctx.db.insert(passkeys).values({ id: 'a-passkey', clerk: victim.clerk, publicKey: new Uint8Array(8), counter: 0 });
  places = {
    ...{ 'groups/[id]': group.id, 'profiles/[key]': group.header.group.issuer, 'ended-keys/[key]': group.header.group.issuer },
    ...{ 'clerks/[id]': victim.clerk, 'sessions/[id]': session?.id ?? '', 'passkeys/[id]': 'a-passkey' },
  };
});
afterAll(() => platform?.stop());

/** Every route of issuers with each of its methods, and whether its address names something of somebody's. */
function eachRoute(): { name: string; method: string; path: string; isNamed: boolean }[] {
  return routes.flatMap(({ pattern, methods }) => {
    const place = Object.keys(places).find((one) => pattern.includes(`/${one}`));
    if (pattern.includes('[') && place === undefined) throw new Error(`${pattern}: say above what it names`);
    const path = place === undefined ? pattern : pattern.replace(place, place.replace(/\[\w+\]/, places[place] as string));
    return methods.map((method) => ({ name: `${method} ${pattern}`, method, path, isNamed: place !== undefined }));
  });
}

async function ask(method: string, path: string, headers: Record<string, string>) {
  const { fetch } = fetchFrom(routes);
  const body = method === 'GET' ? {} : { body: '{}' };
  const answer = await fetch(ORIGIN + path, { method, headers: { 'Content-Type': 'application/json', ...headers }, ...body });
  const text = await answer.text();
  return { status: answer.status, code: answer.status >= 400 ? JSON.parse(text).error.code : null, text, headers: answer.headers };
}

/** Everything of the membership schema but sessions, which turn their cookies over as they are used. */
async function snapshot(): Promise<string> {
  const tables = await platform.ctx.db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'membership' and table_name <> 'sessions' order by 1`,
  );
  const parts = [];
  for (const { name } of tables)
    parts.push(
      await platform.ctx.db.execute(
        sql`select ${name} as name, md5(string_agg(t::text, '|' order by t::text)) as rows from ${sql.raw(`membership."${name}"`)} t`,
      ),
    );
  return JSON.stringify(parts);
}

describe('every route of issuers', () => {
  it('is walked here, whatever methods it has', () => {
    expect(eachRoute().length).toBeGreaterThanOrEqual(26);
    const known = new Set(eachRoute().map(({ name }) => name));
    expect(Object.keys(OPEN).filter((name) => !known.has(name))).toEqual([]);
  });

  it('refuses a stranger, and one who signs with a key of their own', async () => {
    const before = await snapshot();
    const faults: unknown[] = [];
    for (const { name, method, path } of eachRoute()) {
      const bare = await ask(method, path, { Origin: ORIGIN });
      const isRight = name in OPEN ? bare.status === OPEN[name] : bare.code === 'NOT_SIGNED_IN' && bare.status === 401;
      if (!isRight) faults.push([name, 'stranger', bare.status, bare.code]);
      const forged = await ask(method, path, { Origin: ORIGIN, Cookie: 'round-robin-issuer=Fe26.2*1*forged' });
      if (!(name in OPEN) && forged.code !== 'NOT_SIGNED_IN') faults.push([name, 'forged cookie', forged.code]);
      const signed = signIssuerRequest(
        { origin: ORIGIN, method: method as 'GET', path },
        new TextEncoder().encode(method === 'GET' ? '' : '{}'),
        {
          ...{ seed: systemRandom(32), now: platform.ctx.now(), random: systemRandom },
        },
      );
      const own = await ask(method, path, { Origin: ORIGIN, [REQUEST_HEADER]: formatIssuerRequest(signed) });
      if (!(name in OPEN) && !['NOT_SIGNED_IN', 'GROUP_NOT_FOUND'].includes(own.code)) faults.push([name, 'key of their own', own.code]);
    }
    expect(faults).toEqual([]);
    expect(await snapshot()).toBe(before);
  });

  it('refuses the clerk of another issuer what it names, and shows nothing of it elsewhere', async () => {
    const before = await snapshot();
    const secrets = Object.values(places);
    const faults: unknown[] = [];
    let cookie = await openCookie(platform, other);
    for (const { name, method, path, isNamed } of eachRoute()) {
      const answer = await ask(method, path, { Origin: ORIGIN, Cookie: cookie });
      if (answer.code === 'NOT_SIGNED_IN') faults.push([name, 'was not reached']);
      if (method === 'DELETE' && !isNamed) cookie = await openCookie(platform, other); // it may have ended the session
      if (isNamed && !(answer.status === 404 && /_NOT_FOUND$/.test(answer.code))) faults.push([name, answer.status, answer.code]);
      if (secrets.some((secret) => answer.text.includes(secret))) faults.push([name, 'shows something']);
    }
    expect(faults).toEqual([]);
    expect(await snapshot()).toBe(before);
    expect((await ask('GET', '/api/issuer/session', { Cookie: kept })).status).toBe(200);
  });

  it('takes no request that another site forges in the browser of its own clerk', async () => {
    const before = await snapshot();
    const faults: unknown[] = [];
    for (const { name, method, path } of eachRoute())
      for (const from of method === 'GET' ? FOREIGN.slice(0, 1) : FOREIGN) {
        const answer = await ask(method, path, { ...from, Cookie: kept });
        if (method !== 'GET' && !(answer.status === 403 && answer.code === 'BAD_ORIGIN'))
          faults.push([name, from, answer.status, answer.code]);
        if (answer.headers.has('Access-Control-Allow-Origin')) faults.push([name, from, 'may be read by another site']);
      }
    expect(faults).toEqual([]);
    expect(await snapshot()).toBe(before);
    expect((await ask('GET', '/api/issuer/session', { Cookie: kept })).status).toBe(200);
  });
});
