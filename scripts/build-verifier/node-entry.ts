// The record check as one file for Node. It is its own thread script.
import { isMainThread } from 'node:worker_threads';
import { runCheckThread } from '#lib/checking/check-thread.ts';
import { runCommand } from '../verify-record/command.ts';
import { accepted, manifest } from './embedded.ts';

if (isMainThread) {
  const usage = 'node round-robin-verifier.cjs FILE|URL|- [--json] [--threads N]';
  void runCommand({ usage, manifest, loadKeys: async () => [...accepted], threadFile: __filename }).then((code) => {
    process.exitCode = code;
  });
} else runCheckThread();
