import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../instance/runtime.ts';
import type { BenchPlatform } from './bench-platform.ts';
import type { TrusteeReport } from './trustee-process.ts';

const PATIENCE_MS = 600_000;

/** A trustee's process, and everything that it has told. */
export class TrusteeRun {
  readonly reports: TrusteeReport[] = [];
  private readonly child: ChildProcess;
  private hasEnded = false;

  constructor(platform: BenchPlatform, keystore: string) {
    const script = path.join(root, 'scripts', 'bench', 'trustee-process.ts');
    const args = ['--disable-warning=ExperimentalWarning', script, keystore, platform.origin];
    this.child = spawn(process.execPath, args, { cwd: platform.folder, stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.once('exit', () => {
      this.hasEnded = true;
    });
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => this.reports.push(JSON.parse(line) as TrusteeReport));
  }

  /** Waits for the first report whose line holds a text. @throws when the process ends before, or nothing comes in ten minutes */
  async until(text: string): Promise<TrusteeReport> {
    for (let waited = 0; waited < PATIENCE_MS; waited += 20) {
      const found = this.reports.find(({ line }) => line.includes(text));
      if (found) return found;
      if (this.hasEnded) throw new Error(`the trustee ended before "${text}"; its last word: ${this.reports.at(-1)?.line}`);
      await sleep(20);
    }
    throw new Error(`the trustee never came to "${text}"; its last word: ${this.reports.at(-1)?.line}`);
  }

  /** As `kill -9` does it. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill(signal);
    await ended;
  }
}
