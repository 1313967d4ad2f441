import { randomBytes } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq, sql } from '#db/drizzle.cjs';
import { answers, challengeGroups } from '#db/schema/asking.ts';
import { ANSWER_WORK, CHALLENGE_WORK, makeStamp, workOf } from '#lib/api/work-stamp.ts';
import { SEALED_ANSWER_BYTES, type SealedAnswer, sealedAnswerHash } from '#lib/protocol/challenge/answer.ts';
import { signAnswersRequest } from '#lib/protocol/challenge/answers-request.ts';
import { type Asker, createAsker } from '#lib/protocol/challenge/asker-file.ts';
import { type Challenge, type ChallengeContext, signChallenge } from '#lib/protocol/challenge/challenge.ts';
import { eraseChallenges } from '#lib/server/challenges/erase.ts';
import { getChallengeView, listChallenges } from '#lib/server/challenges/list.ts';
import { openChallenge } from '#lib/server/challenges/open.ts';
import { acceptAnswer, readAnswers } from '#lib/server/challenges/relay.ts';
import { inventNames, publishGroup, publishRollOf, startPlatform, type TestPlatform } from '../support/platform.ts';
import { askOn, publishChallenge } from '../support/publish-challenge.ts';
import { createGroup, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

const DAY = 86_400;
let platform: TestPlatform;
let group: TestGroup;
let other: TestGroup;
let few: TestGroup;
const asker = createAsker('Harbour Gazette', systemRandom);

beforeAll(async () => {
  platform = await startPlatform();
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  other = createGroup('Harbour masters', inventNames(8), systemRandom);
  few = createGroup('Harbour chaplains', inventNames(7), systemRandom);
  for (const one of [group, other, few]) await publishGroup(platform, one);
});
afterAll(() => platform?.stop());

const ask = (groups: readonly TestGroup[], change: Partial<Challenge> = {}, by: Asker = asker) => askOn(platform, groups, change, by);
const publish = (context: ChallengeContext) => publishChallenge(platform, context);

/** Publishes without work: whatever is refused for another reason is refused before that is looked at. */
const publishIdly = ({ challenge }: ChallengeContext) => openChallenge(platform.ctx, challenge, null);

/** What looks like an answer to everybody but the asker. */
function rubbish(id: string): SealedAnswer {
  return { type: 'sealed-answer', challenge: id, ciphertext: randomBytes(SEALED_ANSWER_BYTES).toString('hex') };
}

async function send(id: string, sealed: SealedAnswer): Promise<{ isNew: boolean }> {
  return acceptAnswer(platform.ctx, id, sealed, await makeStamp(sealedAnswerHash(sealed), ANSWER_WORK));
}

const read = (id: string, by: Asker = asker, after?: string) =>
  readAnswers(platform.ctx, id, signAnswersRequest(id, after, platform.clock.now, hexToBytes(by.seed)));

describe('a challenge on the platform', () => {
  it('is listed for each of its groups until it expires, and counted for its asker until it is erased', async () => {
    const before = await listChallenges(platform.ctx, group.id);
    const [one, two] = [ask([group, other]), ask([other], { expires: platform.clock.now + DAY })];
    expect(await publish(one)).toEqual({ isNew: true });
    expect(await publish(one)).toEqual({ isNew: false });
    await publish(two);
    expect(await listChallenges(platform.ctx, group.id)).toEqual([...before, { challenge: one.challenge, made: 2 }]);
    expect(await listChallenges(platform.ctx, other.id)).toEqual([
      { challenge: two.challenge, made: 2 },
      { challenge: one.challenge, made: 2 },
    ]);
    expect(await getChallengeView(platform.ctx, one.id)).toMatchObject({ challenge: one.challenge, made: 2, time: platform.clock.now });
    platform.clock.now += DAY + 1;
    expect(await listChallenges(platform.ctx, other.id)).toEqual([{ challenge: one.challenge, made: 2 }]);
    expect((await getChallengeView(platform.ctx, two.id)).challenge).toEqual(two.challenge);
    await expect(getChallengeView(platform.ctx, 'ab'.repeat(32))).rejects.toMatchObject({ code: 'UNKNOWN_CHALLENGE' });
  });

  it('T73: is refused where a wallet would refuse it: too few members, an old roll, no time', async () => {
    await expect(publishIdly(ask([few]))).rejects.toMatchObject({ code: 'GROUP_TOO_SMALL' });
    await expect(publishIdly(ask([group], { expires: platform.clock.now }))).rejects.toMatchObject({ code: 'BAD_TIMES' });
    await expect(publishIdly(ask([group], { expires: platform.clock.now + 91 * DAY }))).rejects.toMatchObject({ code: 'BAD_TIMES' });
    const old = createGroup('Harbour cooks', inventNames(9), systemRandom);
    await publishGroup(platform, old);
    const newer = nextRoll(old, old.members.slice(1), platform.clock.now);
    await publishRollOf(platform, newer);
    const early = platform.clock.now;
    await publish(ask([old])); // its roll is of the last thirty days
    platform.clock.now = old.header.time + 30 * DAY + 1;
    await expect(publishIdly(ask([old]))).rejects.toMatchObject({ code: 'ROLL_OUTDATED' });
    await publish(ask([newer]));
    platform.clock.now = early;
  });

  it('is refused when its words hide something, its key is not the current one, or a roll is unknown', async () => {
    await expect(publishIdly(ask([group], { purpose: { language: 'en', text: 'Yes\u202eor no' } }))).rejects.toMatchObject({
      code: 'BAD_TEXT',
    });
    await expect(publishIdly(ask([group], { setup: '00'.repeat(32) }))).rejects.toMatchObject({ code: 'KEY_NOT_CURRENT' });
    const unknown = createGroup('Nowhere', inventNames(9), systemRandom);
    await expect(publishIdly(ask([unknown]))).rejects.toMatchObject({ code: 'BAD_ROLLS' });
    const { challenge } = ask([group]);
    const { type: _, version: __, signature: ___, ...terms } = challenge;
    const forged = signChallenge(terms, systemRandom(32));
    await expect(openChallenge(platform.ctx, forged, null)).rejects.toMatchObject({ code: 'ASKER_SIGNATURE' });
  });

  it('T74: costs work, and more where it takes the places of many groups', async () => {
    await expect(publishIdly(ask([group]))).rejects.toMatchObject({ code: 'BUSY', work: CHALLENGE_WORK });
    const both = ask([group, other]);
    const stamp = await stampOf(both.id, CHALLENGE_WORK);
    await expect(openChallenge(platform.ctx, both.challenge, stamp)).rejects.toMatchObject({ code: 'BUSY', work: CHALLENGE_WORK + 1 });
  });
});

/** A stamp that shows exactly so much work, and no more by luck. */
async function stampOf(id: string, work: number): Promise<string> {
  for (let stamp = await makeStamp(id, work); ; stamp = (BigInt(`0x${stamp}`) + 1n).toString(16).padStart(16, '0'))
    if (workOf(id, stamp) === work) return stamp;
}

describe('answers on their way', () => {
  it('T74: are kept for the asker alone, in the order of their hashes, each once', async () => {
    const { id } = ask([group]);
    await expect(send(id, rubbish(id))).rejects.toMatchObject({ code: 'UNKNOWN_CHALLENGE' });
    const context = ask([group]);
    await publish(context);
    const sent = Array.from({ length: 4 }, () => rubbish(context.id));
    for (const sealed of sent) expect(await send(context.id, sealed)).toEqual({ isNew: true });
    expect(await send(context.id, sent[0] as SealedAnswer)).toEqual({ isNew: false });
    const kept = (await read(context.id)).answers;
    expect(kept).toEqual(sent.toSorted((a, b) => (sealedAnswerHash(a) < sealedAnswerHash(b) ? -1 : 1)));
    await expect(read(context.id, createAsker('Harbour Gazette', systemRandom))).rejects.toMatchObject({ code: 'ASKER_SIGNATURE' });
    const stale = signAnswersRequest(context.id, undefined, platform.clock.now - 301, hexToBytes(asker.seed));
    await expect(readAnswers(platform.ctx, context.id, stale)).rejects.toMatchObject({ code: 'REQUEST_NOT_FRESH' });
  });

  it('are refused without work, under the name of another challenge, of another length, and when it has expired', async () => {
    const context = ask([group]);
    await publish(context);
    const sealed = rubbish(context.id);
    await expect(acceptAnswer(platform.ctx, context.id, sealed, null)).rejects.toMatchObject({ code: 'BUSY', work: ANSWER_WORK });
    const long = { ...sealed, ciphertext: `${sealed.ciphertext}00` };
    await expect(acceptAnswer(platform.ctx, context.id, long, null)).rejects.toMatchObject({ code: 'BAD_SHAPE' });
    await expect(send(context.id, rubbish('ab'.repeat(32)))).rejects.toMatchObject({ code: 'OTHER_CHALLENGE' });
    platform.clock.now = context.challenge.expires;
    await send(context.id, sealed);
    platform.clock.now += 1;
    await expect(send(context.id, rubbish(context.id))).rejects.toMatchObject({ code: 'CHALLENGE_EXPIRED' });
    expect((await read(context.id)).answers).toEqual([sealed]);
  });

  it('come in pages, are bounded in number, and are erased with their challenge thirty days after its end', async () => {
    const paper = createAsker('Harbour Post', systemRandom);
    const context = ask([group], {}, paper);
    await publish(context);
    await platform.ctx.db.execute(sql`
      insert into asking.answers
      select decode(${context.id}, 'hex'), sha256(n::text::bytea), convert_to(repeat('x', ${sql.raw(String(SEALED_ANSWER_BYTES))}), 'UTF8')
      from generate_series(1, 20000) n`);
    await expect(send(context.id, rubbish(context.id))).rejects.toMatchObject({ code: 'ANSWERS_FULL' });
    const first = await read(context.id, paper);
    const second = await read(context.id, paper, first.next);
    expect([first.answers.length, second.answers.length]).toEqual([200, 200]);
    platform.clock.now = context.challenge.expires + 30 * DAY;
    await eraseChallenges(platform.ctx);
    expect((await read(context.id, paper)).answers).toHaveLength(200);
    platform.clock.now += 1;
    await eraseChallenges(platform.ctx);
    await expect(read(context.id, paper)).rejects.toMatchObject({ code: 'UNKNOWN_CHALLENGE' });
    expect(await platform.ctx.db.$count(answers)).toBe(0);
    expect(await platform.ctx.db.$count(challengeGroups, eq(challengeGroups.challenge, context.id))).toBe(0);
    const again = ask([group], {}, paper);
    await publish(again);
    expect((await getChallengeView(platform.ctx, again.id)).made).toBe(1);
  });
});
