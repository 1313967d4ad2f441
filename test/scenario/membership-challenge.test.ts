import { hexToBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/api/client.ts';
import { checkTally } from '#lib/checking/check-tally.ts';
import { collectAnswers } from '#lib/checking/collect-answers.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { type Answer, type SealedAnswer, sealAnswer } from '#lib/protocol/challenge/answer.ts';
import { signAnswersRequest } from '#lib/protocol/challenge/answers-request.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import { type Challenge, type ChallengeContext, challengeId } from '#lib/protocol/challenge/challenge.ts';
import { createRoot, identityOfRoot } from '#lib/protocol/member/recovery.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { findEligible, findMembership } from '#lib/signing/find-membership.ts';
import { admitChallenge, loadChallenge, lookAtGroup } from '#lib/signing/load-challenge.ts';
import { makeAnswer } from '#lib/signing/make-answer.ts';
import { loadProvingKit, type ProvingKit, proveJob } from '#lib/signing/prove-job.ts';
import { rememberRoll, seenRoll } from '#lib/signing/seen-rolls.ts';
import { emptyWallet, identityOf } from '#lib/signing/wallet.ts';
import { askGroups } from '../support/asking.ts';
import { inventNames, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import { realProofSystem } from '../support/verify-lines.ts';
import { createGroup, forkRoll, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

const LONG = 300_000;
let platform: TestPlatform;
let api: Api;
let kit: ProvingKit;
let pilots: TestGroup;
let masters: TestGroup;
/** Of the wallets of the pilots. */
let roots: Hex32[];

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  api = createApi(ORIGIN, fetchFrom(await loadRoutes()).fetch);
  roots = Array.from({ length: 9 }, () => createRoot(systemRandom));
  pilots = createGroup('Harbour pilots', inventNames(9), systemRandom, roots.map(identityOfRoot));
  // The first pilot is a harbour master too, with the same wallet.
  const both = pilots.members.slice(0, 1).map(({ identity }) => identity);
  masters = createGroup('Harbour masters', inventNames(8), systemRandom, both);
  for (const group of [pilots, masters]) await publishGroup(platform, group);
  const loaded = await loadProvingKit(platform.ctx.manifest, platform.ctx.manifest.current, readFromDisk());
  if (!loaded.ok) throw new Error(loaded.code);
  kit = loaded.value;
}, LONG);
afterAll(() => platform?.stop());

const clocks = () => ({ own: platform.clock.now, platform: platform.clock.now });

function ask(groups = [pilots, masters], change: Partial<Challenge> = {}): { context: ChallengeContext; asker: Asker } {
  const { verificationKey, transcript } = currentKey(platform.ctx.manifest);
  const expires = platform.clock.now + 86_400;
  return askGroups(groups, { verificationKey, setup: transcript, random: systemRandom, expires, ...change });
}

/** The wallet of somebody who joined these groups. */
function walletOf(groups: readonly [TestGroup, member: number][]): Wallet {
  const memberships = groups.map(([group, member]) => ({
    group: group.header.group,
    name: group.members[member]?.name ?? '',
    platform: ORIGIN,
  }));
  const [[, member] = [pilots, 0]] = groups;
  return { ...emptyWallet(roots[member] as Hex32), memberships };
}

/** What a wallet does with a link to a challenge, as a member of one of its groups: everything but sending the answer. */
async function answerFrom(
  wallet: Wallet,
  id: string,
  group: TestGroup,
  from: Api = api,
): Promise<{ answer: Answer; sealed: SealedAnswer }> {
  const loaded = await loadChallenge({ api: from, manifest: platform.ctx.manifest, now: () => platform.clock.now }, id);
  if (!loaded.ok) throw new Error(loaded.code);
  const { context } = loaded.value;
  const eligible = findEligible(context, wallet).eligible.find((one) => one.group === group.id);
  if (!eligible) throw new Error('NOT_ELIGIBLE');
  const shown = await lookAtGroup(from, group.id, {});
  const admitted = shown.ok ? admitChallenge(context, group.id, wallet, shown.value, clocks()) : shown;
  if (!admitted.ok) throw new Error(admitted.code);
  const identity = identityOf(wallet);
  const place = await findMembership(from, eligible, identity);
  if (!place.ok) throw new Error(place.code);
  const made = await makeAnswer(
    { context, place: place.value, identity },
    (job) => proveJob(job, kit, { random: systemRandom }),
    systemRandom,
  );
  if (!made.ok) throw new Error(made.code);
  return { answer: made.value, sealed: sealAnswer(context, made.value, systemRandom) };
}

describe('proving membership, and nothing more', () => {
  it('a membership challenge counts distinct members, refuses a second answer, an expired one, an unlisted one and one for another challenge', {
    timeout: LONG,
  }, async () => {
    const { context, asker } = ask();
    await api.openChallenge(context.challenge);
    const [pilot, other] = [
      walletOf([
        [pilots, 0],
        [masters, 0],
      ]),
      walletOf([[pilots, 3]]),
    ];

    // Distinct members: two people, one of whom answers in both of the groups.
    const first = await answerFrom(pilot, context.id, pilots);
    const again = await answerFrom(pilot, context.id, masters);
    const second = await answerFrom(other, context.id, pilots);
    for (const { sealed } of [first, again, second]) await api.postAnswer(sealed);
    await api.postAnswer(first.sealed); // sent twice by a shaky network
    const proofs = await realProofSystem();
    const fetchAll = async (of: ChallengeContext, by: Asker) =>
      (await api.readAnswers(signAnswersRequest(of.id, undefined, platform.clock.now, hexToBytes(by.seed)))).answers;
    const kept = await fetchAll(context, asker);
    expect(kept).toHaveLength(3);
    const collected = await collectAnswers(context, kept, asker, proofs);
    expect(collected.tally.answers).toHaveLength(2);
    expect(collected.repeated).toBe(1);
    expect(collected.refused).toEqual({});
    const report = await checkTally(canonicalJson(collected.tally), proofs);
    expect([report.ok, report.members]).toEqual([true, 2]);

    // One for another challenge: as it came, and encrypted again.
    const later = ask();
    await api.openChallenge(later.context.challenge);
    await expect(api.postAnswer({ ...first.sealed, challenge: later.context.id })).resolves.toBeUndefined(); // nobody but the asker can tell
    const moved = [first.sealed, sealAnswer(later.context, first.answer, systemRandom), ...(await fetchAll(later.context, later.asker))];
    const nothing = await collectAnswers(later.context, moved, later.asker, proofs);
    expect(nothing.tally.answers).toEqual([]);
    expect(nothing.refused).toEqual({ OTHER_CHALLENGE: 2, ANSWER_FORGED: 1 });
    const relabelled = sealAnswer(later.context, { ...first.answer, challenge: later.context.id }, systemRandom);
    expect((await collectAnswers(later.context, [relabelled], later.asker, proofs)).refused).toEqual({ BAD_PROOF: 1 });

    // T70: an unlisted one: the platform knows nothing of it, or shows it to one person and lists it for nobody.
    const secret = ask();
    await expect(answerFrom(pilot, secret.context.id, pilots)).rejects.toMatchObject({ code: 'UNKNOWN_CHALLENGE' });
    const rolls = [...secret.context.rolls.values()];
    const whispering: Api = {
      ...api,
      getChallenge: async () => ({ challenge: secret.context.challenge, rolls, made: 1, time: platform.clock.now }),
    };
    await expect(answerFrom(pilot, secret.context.id, pilots, whispering)).rejects.toThrow('CHALLENGE_UNLISTED');
    await expect(answerFrom(pilot, context.id, pilots, whispering)).rejects.toThrow('SWAPPED_CHALLENGE');

    // T73: one whose list of members was signed for one person alone, which the site whispers with the list of questions too.
    const own = { ...pilots, header: forkRoll(pilots) };
    const alone = ask([own]);
    const whisper = (to: ChallengeContext): Api => ({
      ...api,
      getChallenge: async () => ({ challenge: to.challenge, rolls: [...to.rolls.values()], made: 1, time: platform.clock.now }),
      listChallenges: async () => ({ challenges: [{ challenge: to.challenge, made: 1 }] }),
    });
    await expect(answerFrom(pilot, alone.context.id, pilots, whisper(alone.context))).rejects.toThrow('ROLL_UNLISTED');

    // One whose words hide something.
    const hidden = ask([pilots], { purpose: { language: 'en', text: 'Yes\u202eor no?' } });
    await expect(answerFrom(pilot, hidden.context.id, pilots, whisper(hidden.context))).rejects.toThrow('BAD_TEXT');

    // T81: one by a roll that only looks like the newest, to whom has seen a newer one.
    const { header } = nextRoll(pilots, pilots.members);
    await expect(answerFrom(rememberRoll(pilot, seenRoll(header)), context.id, pilots)).rejects.toThrow('OLDER_ROLL');
    const forked = rememberRoll(pilot, { ...seenRoll(pilots.header), hash: seenRoll(header).hash });
    await expect(answerFrom(forked, context.id, pilots)).rejects.toThrow('NOT_ELIGIBLE');

    // An expired one.
    platform.clock.now = later.context.challenge.expires + 1;
    await expect(answerFrom(other, later.context.id, pilots)).rejects.toThrow('CHALLENGE_EXPIRED');
    await expect(api.postAnswer(relabelled)).rejects.toMatchObject({ code: 'CHALLENGE_EXPIRED', status: 409 });
  });

  it('T70: an asker who makes a challenge for each member is shown to have made as many', async () => {
    const { asker } = ask();
    const { verificationKey, transcript } = currentKey(platform.ctx.manifest);
    for (const text of ['For Ada.', 'For Brian.']) {
      const terms = { verificationKey, setup: transcript, random: systemRandom, expires: platform.clock.now + 86_400 };
      const { context } = askGroups([pilots], { ...terms, purpose: { language: 'en', text } }, asker);
      await api.openChallenge(context.challenge);
    }
    const listed = (await api.listChallenges(pilots.id)).challenges.filter(({ challenge }) => challenge.purpose.text.startsWith('For '));
    expect(listed.map(({ made }) => made)).toEqual([2, 2]);
    const loaded = await loadChallenge(
      { api, manifest: platform.ctx.manifest, now: () => platform.clock.now },
      challengeId((listed[0] as (typeof listed)[0]).challenge),
    );
    expect(loaded).toMatchObject({ ok: true, value: { made: 2, ahead: 0 } });
  });
});
