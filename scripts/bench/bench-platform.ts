import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../instance/runtime.ts';
import type { BenchKey } from '../make-record/bench-key.ts';
import { makeBenchManifest } from './bench-manifest.ts';
import type { StageFile } from './bench-stage.ts';

/** A platform that runs as a process of its own, or as several on one database, for a part of the bench. */
export type BenchPlatform = {
  /** Of the first process. */
  origin: string;
  /** Of all. */
  origins: string[];
  /** A folder for whatever else belongs to this part; it goes with the platform. Proving artifacts lie in `circuits/artifacts`. */
  folder: string;
  stop(): Promise<void>;
};

type PlatformShape = {
  /** For the processes. */
  nodeFlags?: readonly string[];
  processes?: number;
};

/** Starts a platform with its own database on a stage. */
export async function startBenchPlatform(
  bench: BenchKey,
  stage: StageFile,
  { nodeFlags = [], processes = 1 }: PlatformShape = {},
): Promise<BenchPlatform> {
  const folder = await mkdtemp(path.join(tmpdir(), 'round-robin-bench-platform-'));
  const running: Process[] = [];
  // The first last: it has the database.
  const stop = async () => {
    for (const { child } of running.reverse()) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await layOut(folder, bench, stage);
    for (let i = 0; i < processes; i++) running.push(await startProcess(folder, nodeFlags, running[0]?.database));
    const origins = running.map(({ port }) => `http://127.0.0.1:${port}`);
    return { origin: origins[0] as string, origins, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A folder that stands for the checkout, with the bench key in its manifest. */
async function layOut(folder: string, bench: BenchKey, stage: StageFile): Promise<void> {
  for (const name of ['lib', 'db', 'app', 'scripts', 'node_modules', 'package.json'])
    await symlink(path.join(root, name), path.join(folder, name));
  const artifacts = path.join(folder, 'circuits', 'artifacts');
  await mkdir(artifacts, { recursive: true });
  const { manifest, file, text } = await makeBenchManifest(bench);
  await writeFile(path.join(artifacts, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(path.join(artifacts, file.path), text);
  await writeFile(path.join(folder, 'stage.json'), JSON.stringify(stage));
}

type Process = { child: ChildProcess; port: number; database: string };

async function startProcess(folder: string, nodeFlags: readonly string[], database?: string): Promise<Process> {
  const script = path.join(root, 'scripts', 'bench', 'platform-process.ts');
  // The condition is the one under which `server-only` may be imported outside a bundler.
  const args = ['--conditions=react-server', ...nodeFlags, script, path.join(folder, 'stage.json'), ...(database ? [database] : [])];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<never>((_, reject) => child.once('exit', () => reject(new Error('the platform did not start'))));
  ended.catch(() => {}); // it ends in any case, at the latest when it is told to
  const heard = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const [word, port, url] = line.split(' ');
      if (word === 'port') return { child, port: Number(port), database: url as string };
    }
    throw new Error('the platform named no port');
  })();
  return Promise.race([heard, ended]);
}
