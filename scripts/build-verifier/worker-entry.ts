// The workers of the record check in one page: one reads the file, the others do what takes long.
import { keysAtHand } from '#lib/checking/accepted-keys.ts';
import { checkWithRoom, type ReadJob } from '#lib/checking/check-with-room.ts';
import { type CheckJobs, createCheckJobs } from '#lib/checking/jobs.ts';
import { openBlob } from '#lib/checking/open-blob.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';
import { accepted } from './embedded.ts';

export type PageJobs = CheckJobs & ReadJob<Blob>;

serveWebRoom<PageJobs, CheckJobs>((helpers) => ({
  ...createCheckJobs((length) => crypto.getRandomValues(new Uint8Array(length))),
  read: (file, tell) => checkWithRoom({ bytes: openBlob(file), total: file.size }, helpers, keysAtHand(accepted), tell),
}));
