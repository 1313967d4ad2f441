// A thread that makes a part of the sums of proofs.
import { serveRoom } from '#lib/host/serve-room.ts';
import { createSumJobs, type SumJobs } from '#lib/proof/sum-jobs.ts';

serveRoom<SumJobs>(createSumJobs());
