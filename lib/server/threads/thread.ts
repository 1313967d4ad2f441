// A thread of the web process. Node runs this file as it lies here, outside the bundle, so it may import nothing of Next.
import { randomBytes } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { loadManifest, loadVerificationKey } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { ParsedProof } from '#lib/proof/proof.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import { verifyProofs } from '#lib/proof/verify.ts';
import { verifyEd25519 } from '#lib/protocol/messages/ed25519.ts';
import { layOutRoll } from '../rolls/lay-out-roll.ts';
import type { Jobs, Reply, Request } from './jobs.ts';
import { receiveBytes } from './receive-message.ts';
import { checkMix, checkOpeningInPieces, readNames } from './wave-work.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
const keys = new Map<string, Promise<VerificationKey>>();

async function loadKey(hash: string): Promise<VerificationKey> {
  const manifest = await loadManifest(readFromDisk());
  if (!manifest.ok) throw new Error(manifest.code);
  const key = await loadVerificationKey(manifest.value, hash, readFromDisk());
  if (!key.ok) throw new Error(key.code);
  return key.value;
}

async function verify({ verificationKey, items }: Jobs['verifyProofs']['input']): Promise<number[]> {
  const loading = keys.get(verificationKey) ?? loadKey(verificationKey);
  keys.set(verificationKey, loading);
  const toVerify = items.map(({ proof, publicSignals }) => ({ proof: proof as unknown as ParsedProof, publicSignals }));
  return verifyProofs(await loading, toVerify, { random });
}

function hashSigned({ key, signature, signed }: Jobs['checkSignature']['input']): Jobs['checkSignature']['output'] {
  return verifyEd25519(signature, signed, key) ? bytesToHex(sha256(signed)) : null;
}

async function run(request: Request): Promise<Jobs[keyof Jobs]['output']> {
  switch (request.job) {
    case 'verifyProofs':
      return verify(request.input);
    case 'checkSignature':
      return hashSigned(request.input);
    case 'receiveMessage':
      return receiveBytes(request.input.context, request.input.bytes);
    case 'checkOpening':
      return checkOpeningInPieces(request.input);
    case 'checkMix':
      return checkMix(request.input);
    case 'readNames':
      return readNames(request.input);
    case 'layOutRoll': {
      const { header, leaves, capsules, before } = request.input;
      return layOutRoll(header, leaves, capsules, before);
    }
  }
}

parentPort?.on('message', async (request: Request) => {
  let reply: Reply;
  try {
    reply = { ok: true, output: await run(request) };
  } catch (error) {
    reply = { ok: false, reason: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' };
  }
  parentPort?.postMessage(reply);
});
