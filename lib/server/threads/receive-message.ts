// The first look at a trustee's message. A long one gets it in a thread, so nothing here may need Next.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, parseJson } from '#lib/protocol/messages/json.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

type Refusal = Extract<ReturnType<typeof checkTrusteeMessage>, { ok: false }>['code'];

/** Of an opening only what it is about: its thousands of points stay text for everybody but the threads. */
export type OpeningHead = Pick<Opening, 'type' | 'statement' | 'trustee' | 'wave' | 'checkpoint'>;

/** A message whose shape, author and signature hold. */
export type Received = {
  message: Exclude<TrusteeMessage, Opening> | OpeningHead;
  /** All of it, in its one spelling, and the hash of that. */
  body: string;
  hash: Hex32;
};

export type Receiver = Pick<StatementContext, 'id' | 'statement'>;

export function receiveMessage(context: Receiver, value: unknown): Checked<Received, Refusal> {
  const checked = checkTrusteeMessage(context, value);
  if (!checked.ok) return checked;
  const body = canonicalJson(checked.value);
  return accept({ message: headOf(checked.value), body, hash: bytesToHex(sha256(utf8ToBytes(body))) });
}

/** The same for the body of a request. */
export function receiveBytes(context: Receiver, bytes: Uint8Array): Checked<Received, Refusal | 'NOT_JSON'> {
  const text = decode(bytes);
  const parsed = text === null ? refuse('NOT_JSON' as const, 'not UTF-8') : parseJson(text);
  return parsed.ok ? receiveMessage(context, parsed.value) : parsed;
}

function headOf(message: TrusteeMessage): Received['message'] {
  if (message.type !== 'opening') return message;
  const { type, statement, trustee, wave, checkpoint } = message;
  return { type, statement, trustee, wave, checkpoint };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
