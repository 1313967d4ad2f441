import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { loadManifest } from '../../lib/proof/artifacts.ts';
import { readFromDisk } from '../../lib/proof/disk.ts';
import type { ProofJob } from '../../lib/signing/make-entry.ts';
import { loadProvingKit, proveJob } from '../../lib/signing/prove-job.ts';
import { root } from '../instance/runtime.ts';

const { verificationKey } = workerData as { verificationKey: string };
const port = parentPort;
if (!port) throw new TypeError('proving-thread.ts runs as a thread');

const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
const manifest = await loadManifest(fetchFile);
if (!manifest.ok) throw new Error(manifest.code);
const kit = await loadProvingKit(manifest.value, verificationKey, fetchFile);
if (!kit.ok) throw new Error(kit.code);
const random = (length: number) => new Uint8Array(randomBytes(length));

port.on('message', ({ number, job }: { number: number; job: ProofJob }) => {
  proveJob(job, kit.value, { random }).then(
    (result) => port.postMessage({ number, result }),
    (error: unknown) => port.postMessage({ number, message: String(error) }),
  );
});
