// A trustee as one process, as `npm run trustee -- serve` runs it but for the list of proving keys, which is the one of the folder
// that stands for the checkout. It tells the bench what it does as JSON lines: node trustee-process.ts KEYSTORE ORIGIN

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createApi } from '#lib/api/client.ts';
import { createDisk } from '#lib/host/disk.ts';
import { lockFolder } from '#lib/host/folder-lock.ts';
import { describeEntry, type LogEntry } from '#lib/host/log.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { readIdentity } from '#lib/trustee/keystore.ts';
import { limitFetch } from '#lib/trustee/platform-calls.ts';
import { serveRounds } from '#lib/trustee/serve.ts';
import { startTrustee } from '#lib/trustee/trustee.ts';
import { createTrusteeRoom } from '#lib/trustee/trustee-room.ts';
import { BEGIN, GRACE_MARGIN } from '../make-record/stage.ts';
import { countProofs } from './count-proofs.ts';

/** What the process has done so far, told with each line of its log. */
export type TrusteeReport = {
  line: string;
  /** Since 1970. */
  milliseconds: number;
  /** Of the processor's time. */
  cpuSeconds: number;
  /** Proofs that were checked. */
  proofs: number;
  /** The longest time for which no timer could fire. */
  standstillMilliseconds: number;
};

const POLL_SECONDS = 0.2;

const [keystore, origin] = process.argv.slice(2) as [string, string];
if (!(await lockFolder(keystore))) throw new Error('the keystore is in use');
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const delay = monitorEventLoopDelay({ resolution: 10 });
const done = { proofs: 0 };
const log = (line: string) => {
  const { user, system } = process.cpuUsage();
  const report: TrusteeReport = {
    line,
    milliseconds: Date.now(),
    cpuSeconds: (user + system) / 1e6,
    ...done,
    standstillMilliseconds: delay.max / 1e6,
  };
  console.log(JSON.stringify(report));
};
const disk = createDisk(keystore);
const artifacts = readFromDisk(path.resolve('circuits', 'artifacts'));
const [identity, manifest] = [await readIdentity(disk), await loadManifest(artifacts)];
if (!identity || !manifest.ok) throw new Error('the keystore or the manifest cannot be read');
const tell = (entry: LogEntry) => log(describeEntry(entry));
log('started');
delay.enable();
const begun = performance.now();
const trustee = await startTrustee({
  disk,
  identity,
  api: createApi(origin, limitFetch(fetch)),
  now: () => BEGIN + 600 + Math.floor((performance.now() - begun) / 1000),
  random: (length) => new Uint8Array(randomBytes(length)),
  room: countProofs(createTrusteeRoom(), done),
  manifest: manifest.value,
  artifacts,
  graceMargin: GRACE_MARGIN,
  log: tell,
  stopping: stopping.signal,
});
await serveRounds(trustee, { pollSeconds: POLL_SECONDS, signal: stopping.signal, log: tell });
log('stopped');
process.exit(0);
