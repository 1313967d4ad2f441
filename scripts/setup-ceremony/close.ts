import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { type Beacon, beaconShape, checkBeacon } from '#lib/ceremony/beacon.ts';
import { writeJson, writeWhole } from '#lib/ceremony/disk.ts';
import { applyBeacon } from '#lib/ceremony/setup-steps.ts';
import { CEREMONY_FILES, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { verifyRunning } from './contribute.ts';
import { expectedCost, ProgressReport, type Say } from './report.ts';

/** The beacon of a drand round, from its signature as the network publishes it. */
export function beaconFromDrand(signature: string): Beacon {
  if (!/^[0-9a-f]{96}$/.test(signature)) throw new Error('--drand: expected the signature of the round, 96 hex digits');
  return { value: bytesToHex(sha256(hexToBytes(signature))), signature };
}

/** Applies the announced beacon to the newest key, as its last contribution. Refuses another value and an early one. */
export async function closeCeremony(folder: string, beacon: Beacon, now: number, say: Say): Promise<void> {
  const shaped = checkShape(beaconShape, beacon);
  if (!shaped.ok) throw new Error(`beacon: ${shaped.detail}`);
  const cost = expectedCost(8000);
  const progress = new ProgressReport(say, [
    ['verifying the newest key', cost.deriveSeconds + 15],
    ['applying the beacon', cost.contributeSeconds],
  ]);
  const { description, key, contributions } = await progress.run(() => verifyRunning(folder, say));
  if (contributions.length === 0) throw new Error('nobody has contributed yet');
  if (contributions.some((one) => one.beacon)) throw new Error('the beacon was applied already');
  const checked = checkBeacon(description.beacon, shaped.value, now);
  if (!checked.ok) throw new Error(`this is not the announced beacon: ${checked.detail}`);

  const closed = await progress.run(() => applyBeacon(key, 'beacon', shaped.value, description.beacon.iterations));
  await writeJson(join(folder, CEREMONY_FILES.beacon), shaped.value);
  await writeWhole(join(folder, runningKeyPath(contributions.length + 1)), closed);
  say(`The beacon ${shaped.value.value} is applied. Next: finalize.`);
}
