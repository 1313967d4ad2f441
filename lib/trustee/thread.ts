// A thread of a trustee. Node runs this file as it lies here.
import { randomBytes } from 'node:crypto';
import { serveRoom } from '#lib/host/serve-room.ts';
import { createTrusteeJobs } from './do-jobs.ts';

serveRoom(createTrusteeJobs((length) => new Uint8Array(randomBytes(length))));
