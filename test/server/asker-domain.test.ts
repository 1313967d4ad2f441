import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeAskerName } from '#app/ask/describe-asker.ts';
import { inArray } from '#db/drizzle.cjs';
import { challengeGroups, challenges } from '#db/schema/asking.ts';
import { askerDomain, askerProof } from '#lib/api/asker-domain.ts';
import { domainProof } from '#lib/api/issuer-profile.ts';
import { MOST_OPEN_CHALLENGES } from '#lib/api/shapes.ts';
import { MOST_WORK } from '#lib/api/work-stamp.ts';
import { type Asker, createAsker, describeAsker } from '#lib/protocol/challenge/asker-file.ts';
import { getChallengeView, listChallenges } from '#lib/server/challenges/list.ts';
import {
  CROWDED,
  findAskerProof,
  isScarce,
  MOST_OF_ONE_KEY,
  MOST_OF_ONE_SITE,
  MOST_UNPROVED,
  readPlaces,
  requirePlaces,
  workForPlaces,
} from '#lib/server/challenges/places.ts';
import { checkDomains } from '#lib/server/domains/check-domains.ts';
import type { AppError } from '#lib/server/errors.ts';
import { type NameServer, startNameServer } from '../support/name-server.ts';
import { inventNames, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
import { askOn, publishChallenge } from '../support/publish-challenge.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

const DAY = 86_400;
const PLACE = '_round-robin.gazette.example';
const NOT_LOOKED_AT = { provedBy: null, provedAt: null, checkedAt: null };
let platform: TestPlatform;
let nameServer: NameServer;
let group: TestGroup;

beforeAll(async () => {
  nameServer = await startNameServer();
  platform = await startPlatform({ domains: { nameServer: nameServer.address } });
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  await publishGroup(platform, group);
});
const crowds: string[][] = [];
afterEach(async () => {
  for (const ids of crowds.splice(0)) {
    await platform.ctx.db.delete(challengeGroups).where(inArray(challengeGroups.challenge, ids));
    await platform.ctx.db.delete(challenges).where(inArray(challenges.id, ids));
  }
});
afterAll(async () => {
  await platform?.stop();
  await nameServer?.stop();
});

async function ask(name: string): Promise<{ id: string; key: string; stateOf: () => Promise<unknown> }> {
  const asker = createAsker(name, systemRandom);
  const context = askOn(platform, [group], {}, asker);
  await publishChallenge(platform, context);
  return { id: context.id, key: describeAsker(asker).key, stateOf: async () => (await getChallengeView(platform.ctx, context.id)).domain };
}

describe('the name of an asker', () => {
  it('is proved while it is a domain that names the asker’s key, and by nothing else', async () => {
    const { id, key, stateOf } = await ask('gazette.example');
    expect(await stateOf()).toEqual(NOT_LOOKED_AT);
    for (const other of [askerProof('ab'.repeat(32)), domainProof(key), `${askerProof(key)} no`]) {
      nameServer.records.set(PLACE, [other]);
      expect(await checkDomains(platform.ctx)).toBe(1);
      expect(await stateOf()).toEqual({ ...NOT_LOOKED_AT, checkedAt: platform.clock.now });
      platform.clock.now += DAY;
    }
    nameServer.records.set(PLACE, ['v=other', askerProof(key)]);
    const proved = { provedBy: 'dns', provedAt: platform.clock.now, checkedAt: platform.clock.now };
    expect([await checkDomains(platform.ctx), await checkDomains(platform.ctx)]).toEqual([1, 0]); // again a day later
    expect(await stateOf()).toEqual(proved);
    expect(await listChallenges(platform.ctx, group.id)).toMatchObject([
      { challenge: { asker: { name: 'gazette.example' } }, domain: proved },
    ]);
    nameServer.records.clear();
    platform.clock.now += DAY;
    await checkDomains(platform.ctx);
    expect(await stateOf()).toEqual({ provedBy: null, provedAt: proved.provedAt, checkedAt: platform.clock.now });
    platform.clock.now = (await getChallengeView(platform.ctx, id)).challenge.expires + 1;
    expect(await checkDomains(platform.ctx)).toBe(0); // nobody can answer any more
  });

  it('is looked at once for all challenges of a key, and not at all where it is no domain, or only looks like one', async () => {
    const names = ['Harbour Gazette', 'Gazette.example', 'gazette', '127.0.0.1', 'gazette.example/ask', 'gаzette.example'];
    for (const name of names) expect(askerDomain(name)).toBeNull();
    expect(await (await ask('Harbour Gazette')).stateOf()).toBeUndefined();
    expect(await checkDomains(platform.ctx)).toBe(0);
    const asker = createAsker('gazette.example', systemRandom);
    for (const _ of [1, 2]) await publishChallenge(platform, askOn(platform, [group], {}, asker));
    expect(await checkDomains(platform.ctx)).toBe(1);
  });

  it('is told in words that never take a claim for a proof', () => {
    const at = 1_800_000_000;
    const say = (provedBy: 'dns' | 'web' | null, provedAt: number | null, checkedAt: number | null) =>
      describeAskerName({ provedBy, provedAt, checkedAt });
    expect(say('web', at, at)).toBe('Proved by domain: this site found the asker’s key on its web server, last on 15 January 2027.');
    for (const words of [describeAskerName(undefined), say(null, null, null), say(null, null, at), say(null, at, at)])
      expect(words).toContain('Anybody can write this name');
  });
});

/** Fills places of the group, each by another asker unless the names and keys are given. */
async function fill(places: number, row: Partial<typeof challenges.$inferInsert> = {}): Promise<void> {
  const { body, headers } = { body: askOn(platform, [group]).challenge, headers: [group.header] };
  const expires = platform.clock.now + DAY;
  const rows = Array.from({ length: places }, () => ({ id: randomHex(), asker: randomHex(), expires, body, headers, ...row }));
  crowds.push(rows.map(({ id }) => id));
  await platform.ctx.db.insert(challenges).values(rows);
  await platform.ctx.db.insert(challengeGroups).values(rows.map(({ id }) => ({ groupId: group.id, challenge: id })));
}

const randomHex = () => randomBytes(32).toString('hex');
const proved = (domain: string) => ({ domain, provedBy: 'dns' as const, provedAt: platform.clock.now, checkedAt: platform.clock.now });

/** Whether there is a place for a question of this asker, for so many days. */
async function tryPlace(asker: Asker, days = 7): Promise<string> {
  const context = askOn(platform, [group], {}, asker);
  const taken = await readPlaces(platform.ctx.db, context, platform.clock.now);
  const proof = await findAskerProof(platform.ctx, context, isScarce(taken));
  try {
    requirePlaces(taken, proof?.provedBy !== undefined && proof.provedBy !== null, days * DAY);
    return 'OK';
  } catch (error) {
    return (error as AppError).code;
  }
}

describe('the places in the list of a group', () => {
  beforeAll(() => {
    platform.clock.now += 8 * DAY; // those of the tests before are free again
  });

  it('T74: cost twice as much for each 25 that are taken, for each group, and never more than clients do', () => {
    expect([0, 24, 25, 50, 149, 150, 199].map((open) => workForPlaces([open]))).toEqual([18, 18, 19, 20, 23, 24, MOST_WORK]);
    expect([workForPlaces([0, 0]), workForPlaces([0, 0, 0]), workForPlaces(Array(64).fill(0))]).toEqual([19, 20, MOST_WORK]);
  });

  it('T74: are half for askers whose name nothing proves, who may keep few for longer than a week', async () => {
    const stranger = createAsker('Harbour Gazette', systemRandom);
    const elsewhere = createAsker('other.example', systemRandom); // a domain that does not name its key
    await fill(CROWDED - 1);
    expect(await tryPlace(stranger, 90)).toBe('OK');
    await fill(1);
    expect([await tryPlace(stranger, 90), await tryPlace(stranger, 7)]).toEqual(['BAD_TIMES', 'OK']);
    await fill(MOST_UNPROVED - CROWDED);
    expect([await tryPlace(stranger, 1), await tryPlace(elsewhere, 1)]).toEqual(['CHALLENGES_FULL', 'CHALLENGES_FULL']);
    const gazette = createAsker('gazette.example', systemRandom);
    nameServer.records.set(PLACE, [askerProof(describeAsker(gazette).key)]);
    expect(await tryPlace(gazette, 90)).toBe('OK'); // looked at now, as places are scarce
    nameServer.records.clear();
    expect(await tryPlace(gazette, 90)).toBe('CHALLENGES_FULL');
    await fill(1, { asker: describeAsker(gazette).key, ...proved('gazette.example') });
    expect(await tryPlace(gazette, 90)).toBe('OK'); // by what was found today
    await fill(MOST_OPEN_CHALLENGES - MOST_UNPROVED - 1, proved('else.example'));
    expect(await tryPlace(gazette)).toBe('CHALLENGES_FULL');
    platform.clock.now += DAY + 1;
    expect(await tryPlace(stranger, 90)).toBe('OK'); // those places are free again
  });

  it('T74: are bounded for one key, and for the domains of one site', async () => {
    const asker = createAsker('Harbour Gazette', systemRandom);
    await fill(MOST_OF_ONE_KEY - 1, { asker: describeAsker(asker).key });
    expect(await tryPlace(asker)).toBe('OK');
    await fill(1, { asker: describeAsker(asker).key });
    await expect(publishChallenge(platform, askOn(platform, [group], {}, asker))).rejects.toMatchObject({ code: 'CHALLENGES_FULL' });
    for (let n = 0; n < MOST_OF_ONE_SITE; n++) await fill(1, proved(`a${n}.flood.example`));
    const [flood, similar] = ['flood.example', 'xflood.example'].map((name) => createAsker(name, systemRandom)) as [Asker, Asker];
    for (const one of [flood, similar]) await fill(1, { asker: describeAsker(one).key, ...proved(one.name) });
    expect([await tryPlace(flood), await tryPlace(similar)]).toEqual(['CHALLENGES_FULL', 'OK']);
  });
});
