import { bytesToHex } from '@noble/hashes/utils.js';
import type { Api } from '#lib/api/client.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { leastGrace, type Statement, statementId, VERSION } from '#lib/protocol/statement/statement.ts';
import { fetchStatement, type LoadedStatement } from '#lib/signing/load-statement.ts';
import { waitFor } from './each-of.ts';
import type { EnrolledGroup } from './enrol-everyone.ts';
import { need } from './need.ts';

const KEYING_PATIENCE_SECONDS = 120;
const DAY = 86_400;
const MERGE_DELAY = 60;
const CLOCK_SKEW = 30;
const STEP_TIME = 1;

/** Opens a statement over these groups, on these conditions, with the platform's own committee. @returns its hash, computed here */
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
  const id = statementId(statement);
  const opened = await api.openStatement(statement);
  if (opened.id !== id) throw new Error('The platform calls the statement by another hash than its own.');
  return id;
}

/** Waits until the committee has made the key. @throws Error when it cannot */
export async function waitForKey(api: Api, id: Hex32, manifest: Manifest): Promise<LoadedStatement & { key: Keyed }> {
  return waitFor('the key of the statement', KEYING_PATIENCE_SECONDS + 10, async () => {
    const loaded = need(await fetchStatement(api, id, manifest));
    if (loaded.key.status === 'aborted') throw new Error(`The key could not be made: ${JSON.stringify(loaded.key.blame)}`);
    return loaded.key.status === 'keyed' ? { ...loaded, key: loaded.key } : null;
  });
}
