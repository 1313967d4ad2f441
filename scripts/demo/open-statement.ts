import { bytesToHex } from '@noble/hashes/utils.js';
import type { Api } from '#lib/api/client.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type Permit, weekOf } from '#lib/protocol/permit/permit.ts';
import { checkStatement, leastGrace, type Statement, type StatementContext, VERSION } from '#lib/protocol/statement/statement.ts';
import { findEligible, findMembership } from '#lib/signing/find-membership.ts';
import { fetchStatement, type LoadedStatement } from '#lib/signing/load-statement.ts';
import { makePermit } from '#lib/signing/make-permit.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { waitFor } from './each-of.ts';
import type { EnrolledGroup, EnrolledMember } from './enrol-everyone.ts';
import { need } from './need.ts';
import { startProvingPool } from './proving-pool.ts';

const KEYING_PATIENCE_SECONDS = 120;
const DAY = 86_400;
const MERGE_DELAY = 60;
const CLOCK_SKEW = 30;
const STEP_TIME = 1;

/**
 * Opens a statement over these groups, on these conditions, with the platform's own committee, as the first member of the first group.
 * @returns its hash, computed here
 */
export async function openDemoStatement(
  api: Api,
  groups: readonly EnrolledGroup[],
  conditions: Pick<Statement, 'trigger' | 'together'>,
  { random, now }: { random: Random; now: () => number },
): Promise<Hex32> {
  const platform = await api.getPlatform();
  const threshold = Math.max(2, Math.floor((platform.trustees.length + 2) / 3)); // the most that n ≥ 3k − 2 allows
  const committee = { threshold, trustees: platform.trustees };
  const pace = { mergeDelay: MERGE_DELAY, clockSkew: CLOCK_SKEW, stepTime: STEP_TIME, together: conditions.together };
  const members = groups.reduce((sum, { header }) => sum + header.size, 0);
  const body = 'This statement was opened by the demo of this program. We, the undersigned, ask for *nothing at all*, together.';
  const statement: Statement = {
    version: VERSION,
    nonce: bytesToHex(random(32)),
    text: [{ language: 'en', title: 'A round robin of the demo', body }],
    trigger: conditions.trigger,
    openBy: now() + KEYING_PATIENCE_SECONDS,
    deadline: now() + DAY,
    grace: leastGrace({ ...pace, committee }, members) + platform.graceMargin,
    cadence: 0,
    ...pace,
    rolls: groups.map(({ id, header }) => ({ group: id, roll: rollHash(header) })).sort((a, b) => (a.group < b.group ? -1 : 1)),
    committee,
    platform: platform.key,
    verificationKey: platform.verificationKey,
    setup: platform.setup,
  };
  const headers = groups.map(({ header }) => header);
  const context = need(checkStatement(statement, headers));
  const permit = await makePermitOf(api, context, (groups[0] as EnrolledGroup).members[0] as EnrolledMember, {
    random,
    now: platform.time,
  });
  const { id } = await api.openStatement({ statement, permit });
  if (id !== context.id) throw new Error('The platform calls the statement by another hash than its own.');
  return id;
}

/** The permit of a member's first slot of this week. @param now the platform's time, Unix seconds */
async function makePermitOf(
  api: Api,
  context: StatementContext,
  { wallet, name }: EnrolledMember,
  { random, now }: { random: Random; now: number },
): Promise<Permit> {
  const [eligible] = findEligible(context, wallet).eligible;
  if (!eligible) throw new Error(`The wallet of ${quote(name)} does not fit the statement.`);
  const identity = identityOf(wallet);
  const place = need(await findMembership(api, eligible, identity));
  const pool = startProvingPool(1);
  try {
    return need(await makePermit({ context, place, identity, week: weekOf(now), slot: 0 }, pool.prove, random));
  } finally {
    await pool.close();
  }
}

/** Waits until the committee has made the key. @throws Error when it cannot */
export async function waitForKey(api: Api, id: Hex32, manifest: Manifest): Promise<LoadedStatement & { key: Keyed }> {
  return waitFor('the key of the statement', KEYING_PATIENCE_SECONDS + 10, async () => {
    const loaded = need(await fetchStatement(api, id, manifest));
    if (loaded.key.status === 'aborted') throw new Error(`The key could not be made: ${JSON.stringify(loaded.key.blame)}`);
    return loaded.key.status === 'keyed' ? { ...loaded, key: loaded.key } : null;
  });
}
