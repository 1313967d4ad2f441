// A thread of the web process. Node runs this file as it lies here, outside the bundle, so it may import nothing of Next.
import { randomBytes } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { serveRoom } from '#lib/host/serve-room.ts';
import { loadManifest, loadVerificationKey } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { ParsedProof } from '#lib/proof/proof.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import { verifyProofs } from '#lib/proof/verify.ts';
import { verifyEd25519 } from '#lib/protocol/messages/ed25519.ts';
import { layOutRoll } from '../rolls/lay-out-roll.ts';
import type { Jobs } from './jobs.ts';
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

serveRoom<Jobs>({
  verifyProofs: verify,
  checkSignature: hashSigned,
  receiveMessage: ({ context, bytes }) => receiveBytes(context, bytes),
  checkOpening: checkOpeningInPieces,
  checkMix,
  readNames,
  layOutRoll: ({ header, leaves, capsules, before }) => layOutRoll(header, leaves, capsules, before),
});
