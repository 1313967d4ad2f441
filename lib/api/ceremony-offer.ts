import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { parseJsonBytes } from '#lib/protocol/messages/json.ts';

const LENGTH_BYTES = 4;

/** A key and its attestation as one body: length of the attestation's JSON (4 bytes, little-endian), the JSON, the key. */
export function encodeOffer(key: Uint8Array, attestation: unknown): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(attestation));
  const bytes = new Uint8Array(LENGTH_BYTES + json.length + key.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, LENGTH_BYTES);
  bytes.set(key, LENGTH_BYTES + json.length);
  return bytes;
}

/** Takes such a body apart. The attestation is any JSON, the key any bytes: both are still to be judged. */
export function decodeOffer(bytes: Uint8Array): Checked<{ key: Uint8Array; attestation: unknown }, 'BAD_SHAPE'> {
  if (bytes.length < LENGTH_BYTES) return refuse('BAD_SHAPE', 'too short');
  const end = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (end > bytes.length) return refuse('BAD_SHAPE', 'too short');
  const attestation = parseJsonBytes(bytes.subarray(LENGTH_BYTES, end));
  if (!attestation.ok) return refuse('BAD_SHAPE', 'the attestation is not JSON');
  // A copy of its own: a view would be sent from thread to thread with all that lies around it.
  return accept({ key: new Uint8Array(bytes.subarray(end)), attestation: attestation.value });
}
