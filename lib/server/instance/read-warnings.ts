import 'server-only';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { getEnv } from '../env.ts';

export interface InstanceWarnings {
  /** All trustees are processes of this one machine. */
  trial: boolean;
  /** New statements use keys that one person made alone. */
  developmentKeys: boolean;
}

let setup: Promise<'dev' | 'ceremony'> | undefined;

/** What every page of this instance has to say at its top. The keys in use are read once: they come with the program. */
export async function readInstanceWarnings(): Promise<InstanceWarnings> {
  setup ??= readSetup();
  return { trial: getEnv().trial, developmentKeys: (await setup) === 'dev' };
}

async function readSetup(): Promise<'dev' | 'ceremony'> {
  const manifest = await loadManifest(readFromDisk());
  if (!manifest.ok) throw new Error(`circuits/artifacts/manifest.json cannot be used: ${manifest.code}`);
  return currentKey(manifest.value).setup;
}
