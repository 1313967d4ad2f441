import 'client-only';
import { keysOfManifest } from '#lib/checking/accepted-keys.ts';
import { checkWithRoom, type ReadJob, type Source } from '#lib/checking/check-with-room.ts';
import { type CheckJobs, createCheckJobs } from '#lib/checking/jobs.ts';
import { openBlob } from '#lib/checking/open-blob.ts';
import { chunksOf } from '#lib/checking/split-lines.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';
import { createArtifactFetch, manifest } from './artifacts.ts';
import { secureRandom } from './secure-random.ts';

/** A record is read by its address on this site, or as a file of the person's. */
export type CheckingJobs = CheckJobs & ReadJob<string | Blob>;

serveWebRoom<CheckingJobs, CheckJobs>((helpers) => ({
  ...createCheckJobs(secureRandom),
  read: async (place, tell) => checkWithRoom(await open(place), helpers, keysOfManifest(manifest, createArtifactFetch()), tell),
}));

async function open(place: string | Blob): Promise<Source> {
  if (place instanceof Blob) return { bytes: openBlob(place), total: place.size };
  const response = await fetch(place, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!response.ok || !response.body) throw new Error(`The site did not give out this record (status ${response.status}).`);
  const length = response.headers.get('Content-Encoding') ? null : response.headers.get('Content-Length');
  return { bytes: chunksOf(response.body), total: length ? Number(length) : null };
}
