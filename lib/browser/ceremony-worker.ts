import 'client-only';
import { ceremonyFilePath } from '#lib/api/ceremony-client.ts';
import type { Attestation } from '#lib/ceremony/attestation.ts';
import { hashDescription } from '#lib/ceremony/description.ts';
import type { Link } from '#lib/ceremony/link.ts';
import { checkRunningKey, makeContribution } from '#lib/ceremony/running.ts';
import { CEREMONY_FILES, RUNNING_CIRCUIT, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { readDescription } from '#lib/ceremony/verify-ceremony.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';
import { secureRandom } from './secure-random.ts';
import { createSiteFetch } from './site-files.ts';

export type ContributeTask = {
  /** Hash of the description that the page showed. */
  ceremony: string;
  /** How many contributions the newest key has. */
  newest: number;
  name: string;
  /** What the person typed and moved, as text. */
  typed: string;
  /** The person's own signing key, a seed; null where one is to be made. */
  seed: Uint8Array | null;
  /** What the attestation is dated, Unix seconds. */
  time: number;
};

export type ContributeReport = { stage: 'fetching'; bytes: number } | { stage: 'verifying'; link: Link | null } | { stage: 'contributing' };

export type Made = {
  key: Uint8Array<ArrayBuffer>;
  attestation: Attestation;
  /** The signing key that was made for the attestation, a seed; null where the person brought one. */
  newSeed: Uint8Array | null;
};

export type ContributeJobs = { contribute: { input: ContributeTask; output: Made; news: ContributeReport } };

serveWebRoom<ContributeJobs>(() => ({ contribute }));

async function contribute(task: ContributeTask, report: (news: ContributeReport) => void): Promise<Made> {
  const { ceremony: expected, newest, name, typed, seed: own, time } = task;
  let bytes = 0;
  const ceremony = createSiteFetch(ceremonyFilePath, (more) => {
    bytes += more;
    report({ stage: 'fetching', bytes });
  });
  const description = await readDescription(ceremony);
  if (typeof description === 'string') throw new Error(`The ceremony's description cannot be read: ${description}.`);
  if (hashDescription(description) !== expected)
    throw new Error('The site gave out another description than the one that this page showed.');
  const key = await ceremony(runningKeyPath(newest));
  const r1cs = await ceremony(RUNNING_CIRCUIT);
  const powersOfTau = await ceremony(CEREMONY_FILES.powersOfTau);

  report({ stage: 'verifying', link: null });
  const quiet = createSiteFetch(ceremonyFilePath, () => {});
  const files = { key, r1cs, powersOfTau, ceremony: quiet };
  const checked = await checkRunningKey(files, description, newest, (link) => report({ stage: 'verifying', link }));
  if (!checked.ok) throw new Error(`The key that the site gave out is broken, so nothing was added to it. ${checked.detail}.`);

  report({ stage: 'contributing' });
  const seed = own ?? secureRandom(32);
  const made = await makeContribution(checked.value, { name, typed, seed, now: time });
  return { key: new Uint8Array(made.key), attestation: made.attestation, newSeed: own ? null : seed };
}
