import { makeStamp } from '#lib/api/work-stamp.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import type { Challenge, ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { openChallenge } from '#lib/server/challenges/open.ts';
import { workForPlaces } from '#lib/server/challenges/places.ts';
import { askGroups } from './asking.ts';
import type { TestPlatform } from './platform.ts';
import { systemRandom, type TestGroup } from './world.ts';

/** A challenge to these groups as this platform would take it, open for a week. */
export function askOn({ ctx, clock }: TestPlatform, groups: readonly TestGroup[], change: Partial<Challenge> = {}, by?: Asker) {
  const { verificationKey, transcript } = currentKey(ctx.manifest);
  const terms = { verificationKey, setup: transcript, random: systemRandom, expires: clock.now + 7 * 86_400, ...change };
  return askGroups(groups, terms, by).context;
}

/** Puts a challenge on a platform, with the work that it costs while its groups are asked little. */
export async function publishChallenge({ ctx }: TestPlatform, { challenge, id }: ChallengeContext): Promise<{ isNew: boolean }> {
  const work = workForPlaces(challenge.rolls.map(() => 0));
  return openChallenge(ctx, challenge, await makeStamp(id, work));
}
