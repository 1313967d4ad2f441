// A trustee as a process of its own, which kills itself before a step that it is told: node mortal-process.ts JSON

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApi } from '#lib/api/client.ts';
import { createDisk } from '#lib/host/disk.ts';
import { lockFolder } from '#lib/host/folder-lock.ts';
import { describeEntry } from '#lib/host/log.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { readIdentity } from '#lib/trustee/keystore.ts';
import { limitFetch } from '#lib/trustee/platform-calls.ts';
import { startTrustee } from '#lib/trustee/trustee.ts';
import { seeded } from '../circuits/signer.ts';
import { announceFetch, announceFiles } from './crash-points.ts';
import { roomHere } from './room-here.ts';

export type MortalOrders = { keystore: string; url: string; clock: string; seed: string; dieBefore: string };

const orders = JSON.parse(process.argv[2] ?? '') as MortalOrders;
const onStep = (label: string) => {
  if (label === orders.dieBefore) process.kill(process.pid, 'SIGKILL');
};
if (!(await lockFolder(orders.keystore))) throw new Error('locked');
const disk = createDisk(orders.keystore, announceFiles(onStep));
const [identity, manifest] = [await readIdentity(disk), await loadManifest(readFromDisk())];
if (!identity || !manifest.ok) throw new Error('not ready');
const random = seeded(orders.seed);
const now = () => Number(readFileSync(orders.clock, 'utf8'));
const trustee = await startTrustee({
  disk,
  identity,
  api: createApi(orders.url, limitFetch(announceFetch(onStep))),
  now,
  monotonic: now,
  random,
  room: roomHere(random),
  manifest: manifest.value,
  artifacts: readFromDisk(),
  graceMargin: 60,
  log: (entry) => console.log(describeEntry(entry)),
});
for (;;) {
  await trustee.runRound().catch(() => {});
  await sleep(20);
}
