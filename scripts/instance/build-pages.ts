import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGuarded } from '#db/guarded-process.ts';
import { lockFolder } from '#lib/host/folder-lock.ts';
import { nextCommand, root, runtimeEnv } from './runtime.ts';

const SOURCES = ['app', 'lib', 'db', 'public', 'circuits/artifacts/manifest.json', 'instrumentation.ts', 'next.config.ts', 'proxy.ts'];
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json'];

/**
 * Builds the pages unless the build that is there was made from exactly these sources. Two callers at once build once.
 * @param report where the compiler's own words go
 * @throws Error when the build fails
 */
export async function buildPages(log: (line: string) => void, report: 'inherit' | 'ignore' = 'inherit'): Promise<void> {
  const folder = path.join(root, process.env.NEXT_DIST_DIR ?? '.next');
  const stamp = path.join(folder, 'round-robin-sources');
  const unlock = await waitForLock(path.join(folder, 'cache', 'round-robin')); // a build deletes what is beside the cache
  try {
    const sources = hashSources();
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
    log('Building the pages (the first time, and after a change; about 20 s) …');
    const env = { ...runtimeEnv(), NODE_ENV: 'production' as const };
    const build = spawnGuarded(nextCommand('build'), { cwd: root, env, stopSignal: 'TERM', stdout: report, stderr: 'inherit' });
    if ((await build.exited) !== 0) throw new Error('The pages could not be built; the reason stands above.');
    writeFileSync(stamp, sources);
  } finally {
    await unlock();
  }
}

async function waitForLock(folder: string): Promise<() => Promise<void>> {
  for (;;) {
    const unlock = await lockFolder(folder);
    if (unlock) return unlock;
    await sleep(500);
  }
}

function hashSources(): string {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap(listFiles).sort();
  for (const file of [...files, ...SETTINGS]) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function listFiles(source: string): string[] {
  const place = path.join(root, source);
  if (!existsSync(place)) return [];
  if (path.extname(source)) return [source];
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}
