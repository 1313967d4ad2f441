import 'client-only';
import type { SumJobs } from '#lib/proof/sum-jobs.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';
import type { ProofJob, Prover } from '#lib/signing/make-entry.ts';
import { type JobStage, loadProvingKit, type ProvingKit, proveJob } from '#lib/signing/prove-job.ts';
import { createArtifactFetch, manifest } from './artifacts.ts';
import { secureRandom } from './secure-random.ts';

export type ProvingReport = { stage: JobStage /** Bytes fetched so far, in the stage `files`. */; bytes?: number };
export type ProvingJobs = {
  /** By the hash of a verification key. */
  prepare: { input: string; output: null; news: ProvingReport };
  prove: { input: ProofJob; output: Awaited<ReturnType<Prover>>; news: ProvingReport };
};

const kits = new Map<string, Promise<ProvingKit>>();

serveWebRoom<ProvingJobs, SumJobs>((helpers) => ({
  prepare: async (verificationKey, tell) => {
    await getKit(verificationKey, tell);
    return null;
  },
  prove: async (job, tell) => {
    const kit = await getKit(job.verificationKey, tell);
    return proveJob(job, kit, { random: secureRandom, helpers, onStage: (stage) => tell({ stage }) });
  },
}));

function getKit(hash: string, report: (report: ProvingReport) => void): Promise<ProvingKit> {
  const known = kits.get(hash);
  if (known) return known;
  const kit = fetchKit(hash, report);
  kits.set(hash, kit);
  kit.catch(() => kits.delete(hash)); // a failed download may be tried again
  return kit;
}

async function fetchKit(hash: string, report: (report: ProvingReport) => void): Promise<ProvingKit> {
  let bytes = 0;
  const fetchFile = createArtifactFetch((more) => {
    bytes += more;
    report({ stage: 'files', bytes });
  });
  const kit = await loadProvingKit(manifest, hash, fetchFile);
  if (!kit.ok) throw new Error(`The proving files that the site gave out are not those of this program (${kit.code}).`);
  return kit.value;
}
