import 'server-only';
import path from 'node:path';
import type { Attestation } from '#lib/ceremony/attestation.ts';
import { type CeremonyDescription, hashDescription } from '#lib/ceremony/description.ts';
import { CEREMONY_FILES } from '#lib/ceremony/transcript.ts';
import { readDescription } from '#lib/ceremony/verify-ceremony.ts';
import { lockFolder } from '#lib/host/folder-lock.ts';
import type { FetchFile } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { CeremonySettings } from '../env.ts';

/** Where one process coordinates a ceremony: its folder, and what it is checking at the moment. */
export type CeremonyDesk = {
  folder: string;
  read: FetchFile;
  description: CeremonyDescription;
  /** Hash of the description. */
  id: Hex32;
  absentSeconds: number;
  turnSeconds: number;
  /** Ends what is being checked. */
  ending: AbortController;
  /** Token hashes of places whose key is being checked; a restart forgets them, and their keys are sent again. */
  checking: Set<Hex32>;
  /** When whoever has the turn was heard of last, by token hash. */
  heard: Map<Hex32, number>;
  /** What is known of contributions that are in the ceremony, by position: they never change. */
  known: Map<number, Attestation>;
  /** Until its queue is first looked at: while the server was away nobody could give a sign of life. */
  isNew: boolean;
  close(): Promise<void>;
};

/**
 * Opens the folder that `prepare` made, for this process alone: whom one process has heard of, another would take for absent.
 * @throws Error naming the folder when it is not one, or another process has it
 */
export async function openDesk({ folder, absentSeconds, turnSeconds }: CeremonySettings): Promise<CeremonyDesk> {
  const place = path.resolve(/* turbopackIgnore: true */ folder);
  const read = readFromDisk(place);
  const description = await readDescription(read);
  if (typeof description === 'string') throw new Error(`CEREMONY_FOLDER ${folder}: ${CEREMONY_FILES.description}: ${description}`);
  const unlock = await lockFolder(place);
  if (!unlock) throw new Error(`CEREMONY_FOLDER ${folder}: another process coordinates this ceremony. Only one may have this setting.`);
  const ending = new AbortController();
  const id = hashDescription(description);
  return {
    folder: place,
    read,
    description,
    id,
    absentSeconds,
    turnSeconds,
    ending,
    checking: new Set(),
    heard: new Map(),
    known: new Map(),
    isNew: true,
    close: () => {
      ending.abort();
      return unlock();
    },
  };
}
