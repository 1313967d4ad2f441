import { hexToBytes } from '@noble/hashes/utils.js';
import { type Asker, createAsker, describeAsker } from '#lib/protocol/challenge/asker-file.ts';
import { type Challenge, type ChallengeContext, checkChallenge, signChallenge } from '#lib/protocol/challenge/challenge.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { TestGroup } from './world.ts';

/** A challenge to these groups that is checked and ready, with the key file of its asker. */
export function askGroups(
  groups: readonly TestGroup[],
  { verificationKey, setup, random, ...change }: { verificationKey: string; setup: string; random: Random } & Partial<Challenge>,
  asker: Asker = createAsker('Harbour Gazette', random),
): { context: ChallengeContext; asker: Asker } {
  const challenge = signChallenge(
    {
      nonce: Buffer.from(random(32)).toString('hex'),
      purpose: { language: 'en', text: 'The pilots among us ask for a second tug.\nWill you say so?' },
      rolls: groups.map((group) => ({ group: group.id, roll: rollHash(group.header) })).sort((a, b) => (a.group < b.group ? -1 : 1)),
      expires: 1_800_600_000,
      asker: describeAsker(asker),
      verificationKey,
      setup,
      ...change,
    },
    hexToBytes(asker.seed),
  );
  const context = checkChallenge(
    challenge,
    groups.map(({ header }) => header),
  );
  if (!context.ok) throw new Error(`${context.code}: ${context.detail}`);
  return { context: context.value, asker };
}
