import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAskerName } from '#app/ask/describe-asker.ts';
import { askerProof } from '#lib/api/asker-domain.ts';
import { domainProof } from '#lib/api/issuer-profile.ts';
import { createAsker, describeAsker } from '#lib/protocol/challenge/asker-file.ts';
import { getChallengeView, listChallenges } from '#lib/server/challenges/list.ts';
import { checkDomains } from '#lib/server/domains/check-domains.ts';
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
    for (const name of names) expect(await (await ask(name)).stateOf()).toBeUndefined();
    expect(await checkDomains(platform.ctx)).toBe(0);
    const asker = createAsker('gazette.example', systemRandom);
    for (const _ of [1, 2]) await publishChallenge(platform, askOn(platform, [group], {}, asker));
    expect(await checkDomains(platform.ctx)).toBe(1);
  });

  it('is told in words that never take a claim for a proof', () => {
    const at = 1_800_000_000;
    const say = (provedBy: 'dns' | 'web' | null, provedAt: number | null, checkedAt: number | null) =>
      describeAskerName({ provedBy, provedAt, checkedAt });
    expect(say('web', at, at)).toBe('Proved by domain: this site found the asker’s key on its web server, last on 2027-01-15.');
    for (const words of [describeAskerName(undefined), say(null, null, null), say(null, null, at), say(null, at, at)])
      expect(words).toContain('Anybody can write this name');
  });
});
