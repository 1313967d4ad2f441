// A trustee's thread that begins a shuffle, tells so, and never comes to its end
import { serveRoom } from '#lib/host/serve-room.ts';
import { createTrusteeJobs } from '#lib/trustee/do-jobs.ts';
import type { TrusteeJobs } from '#lib/trustee/jobs.ts';
import { seeded } from '../../circuits/signer.ts';

serveRoom<TrusteeJobs>({
  ...createTrusteeJobs(seeded('stuck')),
  shuffle: (_, tell) => {
    tell('begun' as never);
    for (;;);
  },
});
