import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where an instance answers. `databaseUrl` is that of its private PostgreSQL; an operator's own is never written down. */
export type RunningInstance = { url: string; databaseUrl: string | undefined };

const fileOf = (dataFolder: string) => path.join(dataFolder, 'running.json');

/** Writes down where the instance of a data folder answers, for commands that speak to it, readable by its owner only. */
export function rememberRunning(dataFolder: string, instance: RunningInstance): void {
  rmSync(fileOf(dataFolder), { force: true }); // one that is there keeps its mode, whoever may read it
  writeFileSync(fileOf(dataFolder), `${JSON.stringify(instance)}\n`, { mode: 0o600 });
}

/**
 * What was written down last, which may have ended since; null where nothing ever ran.
 * @throws Error when this user may not read it, or it is cut off
 */
export function recallRunning(dataFolder: string): RunningInstance | null {
  const file = fileOf(dataFolder);
  const text = readIfThere(file);
  if (text === null) return null;
  try {
    return JSON.parse(text) as RunningInstance;
  } catch {
    throw new Error(`${file} is damaged. Restart the platform: it writes the file anew.`);
  }
}

/** Null only for a file that is not there: one that may not be looked for may be. */
function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
