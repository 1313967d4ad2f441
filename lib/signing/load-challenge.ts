import type { AskerDomainState } from '#lib/api/asker-domain.ts';
import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { findKey, type Manifest, type ManifestKey } from '#lib/proof/manifest.ts';
import {
  type ChallengeContext,
  type ChallengeFailure,
  challengeId,
  checkChallenge,
  checkShownPurpose,
  isRecentRoll,
} from '#lib/protocol/challenge/challenge.ts';
import { checkRollHeader, type RollFailure, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { clockAhead } from './clock.ts';
import { type CrowdFailure, checkCrowd, fetchHistory, type HistoryFailure, type Reach } from './group-history.ts';
import { checkNewest } from './seen-rolls.ts';

/** A challenge as this device has checked it, with what the platform says about it. */
export type LoadedChallenge = {
  context: ChallengeContext;
  provingKey: ManifestKey;
  /** How many challenges of this asker's key the platform says to have had. */
  made: number;
  /** What the platform says to have found at the domain that the asker's name is. */
  domain?: AskerDomainState | undefined;
  /** By how many seconds this device's clock is ahead of the platform's. */
  ahead: number;
};

export type ChallengeLoadFailure = ChallengeFailure | RollFailure | 'BAD_TEXT' | 'SWAPPED_CHALLENGE' | 'KEY_UNKNOWN';

/**
 * Fetches the challenge of that id and checks all of it here: its scope is computed from the whole challenge and never taken from
 * anybody. SPEC §14.1.
 * @param now this device's clock, Unix seconds
 * @throws ApiError when it cannot be fetched
 */
export async function loadChallenge(
  { api, manifest, now }: { api: Pick<Api, 'getChallenge'>; manifest: Manifest; now: () => number },
  id: Hex32,
  options?: CallOptions,
): Promise<Checked<LoadedChallenge, ChallengeLoadFailure>> {
  const asked = now();
  const answer = await api.getChallenge(id, options);
  const ahead = clockAhead(asked, now(), answer.time);
  for (const header of answer.rolls) {
    const checked = checkRollHeader(header);
    if (!checked.ok) return checked;
  }
  const context = checkChallenge(answer.challenge, answer.rolls);
  if (!context.ok) return context;
  if (context.value.id !== id) return refuse('SWAPPED_CHALLENGE', 'this is another challenge than the one that was asked for');
  const shown = checkShownPurpose(context.value.challenge);
  if (!shown.ok) return shown;
  const { verificationKey, setup } = context.value.challenge;
  const provingKey = findKey(manifest, verificationKey);
  if (provingKey?.transcript !== setup) return refuse('KEY_UNKNOWN', 'it names a proving key that this program does not know');
  return accept({ context: context.value, provingKey, made: answer.made, domain: answer.domain, ahead });
}

export type NotAdmitted = 'CHALLENGE_EXPIRED' | 'CHALLENGE_UNLISTED' | 'OLDER_ROLL' | 'ROLL_FORKED' | 'ROLL_OUTDATED' | CrowdFailure;

/** What a wallet is shown of a group when it decides: the challenges that can be answered, and its checked history. */
export type GroupShown = { listed: ReadonlySet<Hex32>; history: readonly RollHeader[] };

/**
 * Whether a wallet answers a challenge as a member of one of its groups. SPEC §14.5.
 * 1. it has not expired by the platform's clock, 2. it stands in the list that everybody is shown, 3. its roll is the newest that the
 * wallet knows or at most 30 days old by this device's clock, and no older one is shown as the newest, nor another history than it
 * knows, 4. it has enough members to hide one and is one that everybody is shown.
 * @returns the history up to that roll, newest first
 */
export function admitChallenge(
  context: ChallengeContext,
  group: Hex32,
  wallet: Wallet,
  { listed, history }: GroupShown,
  { own, platform }: { own: number; platform: number },
): Checked<RollHeader[], NotAdmitted> {
  const header = context.rolls.get(group);
  if (!header) throw new TypeError('"group" must be one of the challenge');
  if (platform > context.challenge.expires) return refuse('CHALLENGE_EXPIRED', 'the time to answer is over');
  if (!listed.has(context.id)) return refuse('CHALLENGE_UNLISTED', 'the site does not list it for this group');
  const newest = checkNewest(wallet, history);
  if (!newest.ok) return newest;
  if (!isRecentRoll(header, history[0] as RollHeader, own))
    return refuse('ROLL_OUTDATED', `roll ${header.number} is neither the newest nor of the last 30 days`);
  return checkCrowd(header, history);
}

/**
 * Asks the platform what `admitChallenge` needs: both answers are the same for everybody who looks at the group.
 * @throws ApiError when it cannot be fetched
 */
export async function lookAtGroup(
  api: Pick<Api, 'getGroup' | 'listChallenges'>,
  group: Hex32,
  reach: Reach,
  options?: CallOptions,
): Promise<Checked<GroupShown, HistoryFailure>> {
  const [history, { challenges }] = await Promise.all([fetchHistory(api, group, reach, options), api.listChallenges(group, options)]);
  if (!history.ok) return history;
  return accept({ listed: new Set(challenges.map(({ challenge }) => challengeId(challenge))), history: history.value });
}
