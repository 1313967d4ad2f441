import 'client-only';
import { createSumJobs, type SumJobs } from '#lib/proof/sum-jobs.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';

const jobs = createSumJobs();

serveWebRoom<SumJobs>(() => jobs);
