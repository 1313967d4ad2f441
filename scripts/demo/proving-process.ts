// A process of its own and no thread: the prover library takes every thread for one that it started itself.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { serveRoom } from '#lib/host/serve-room.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { ProofJob, Prover } from '#lib/signing/make-entry.ts';
import { loadProvingKit, type ProvingKit, proveJob } from '#lib/signing/prove-job.ts';
import { root } from '../instance/runtime.ts';
import { need } from './need.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
const kits = new Map<string, Promise<ProvingKit>>();

export type DemoJobs = { prove: { input: ProofJob; output: Awaited<ReturnType<Prover>> } };

serveRoom<DemoJobs>({ prove });

async function prove(job: ProofJob) {
  const kit = kits.get(job.verificationKey) ?? loadKit(job.verificationKey);
  kits.set(job.verificationKey, kit);
  return proveJob(job, await kit, { random });
}

async function loadKit(verificationKey: string): Promise<ProvingKit> {
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  return need(await loadProvingKit(need(await loadManifest(fetchFile)), verificationKey, fetchFile));
}
