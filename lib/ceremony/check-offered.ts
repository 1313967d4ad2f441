import type { FetchFile } from '#lib/proof/artifacts.ts';
import { type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { checkRunningKey } from './running.ts';
import { attestationPath, CEREMONY_FILES, RUNNING_CIRCUIT } from './transcript.ts';
import { readDescription } from './verify-ceremony.ts';

/** What a contributor brings. */
export interface Offered {
  readonly key: Uint8Array;
  /** As JSON; judged here. */
  readonly attestation: unknown;
}

/**
 * Judges what a contributor brings against what lies in the ceremony's folder: it must be the accepted contributions, bit for
 * bit, with exactly one more on top, and an attestation of that one. The folder stays as it is.
 *
 * @param position the place of the new contribution, from 1
 * @throws Error when the folder is not that of a running ceremony
 */
export async function checkOffered(ceremony: FetchFile, offered: Offered, position: number): Promise<Checked<null, 'KEY_BROKEN'>> {
  const description = await readDescription(ceremony);
  if (typeof description === 'string') throw new Error(`${CEREMONY_FILES.description}: ${description}`);
  const [r1cs, powersOfTau] = await Promise.all([ceremony(RUNNING_CIRCUIT), ceremony(CEREMONY_FILES.powersOfTau)]);
  const attestation = new TextEncoder().encode(JSON.stringify(offered.attestation));
  const withOffered: FetchFile = async (path) => (path === attestationPath(position) ? attestation : ceremony(path));
  const checked = await checkRunningKey({ key: offered.key, r1cs, powersOfTau, ceremony: withOffered }, description, position);
  if (!checked.ok) return checked;
  // Nobody attests a beacon, so one among these would come in without anybody's word.
  if (checked.value.contributions.some((one) => one.beacon)) return refuse('KEY_BROKEN', 'beacon: it is for the coordinator to apply');
  return { ok: true, value: null };
}
