import 'client-only';
import type { Proof } from '#lib/protocol/board/signature.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { ProofJob } from '#lib/signing/make-entry.ts';
import { type JobStage, loadProvingKit, type ProvingKit, proveJob } from '#lib/signing/prove-job.ts';
import { createArtifactFetch, manifest } from './artifacts.ts';
import { secureRandom } from './secure-random.ts';
import { serveWorker } from './worker-call.ts';

export type ProvingRequest = { type: 'prepare'; verificationKey: string } | { type: 'prove'; job: ProofJob };
export type ProvingReport = { stage: JobStage /** Bytes fetched so far, in the stage `files`. */; bytes?: number };
export type ProvingResult = Checked<Proof, 'PROOF_OTHER' | 'PROOF_INVALID'> | null;

const kits = new Map<string, Promise<ProvingKit>>();

serveWorker<ProvingRequest, ProvingReport, ProvingResult>(async (request, report) => {
  if (request.type === 'prepare') {
    await getKit(request.verificationKey, report);
    return null;
  }
  const { job } = request;
  const kit = await getKit(job.verificationKey, report);
  return proveJob(job, kit, { random: secureRandom, onStage: (stage) => report({ stage }) });
});

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
