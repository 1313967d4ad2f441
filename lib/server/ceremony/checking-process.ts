// A process of its own for one check: the prover library takes every thread for one that it started itself, and the memory
// is given back at the end. Node runs this file as it lies here, outside the bundle, so it may import nothing of Next.
import { checkOffered, type Offered } from '#lib/ceremony/check-offered.ts';
import { serveRoom } from '#lib/host/serve-room.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';

export type ContributionToCheck = { folder: string; offered: Offered; position: number };
export type CeremonyJobs = { check: { input: ContributionToCheck; output: Checked<null, 'KEY_BROKEN'> } };

serveRoom<CeremonyJobs>({
  check: ({ folder, offered, position }) => checkOffered(readFromDisk(folder), offered, position),
});
