// The first look at a trustee's message. A long one gets it in a thread, so nothing here may need Next.
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, parseJson } from '#lib/protocol/messages/json.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

type Refusal = Extract<ReturnType<typeof checkTrusteeMessage>, { ok: false }>['code'];

/** Of an opening only what it is about: its thousands of points stay text for everybody but the threads. */
export type OpeningHead = Omit<Opening, 'lists' | 'proof' | 'signature'>;
export type MessageHead = Exclude<TrusteeMessage, Opening> | OpeningHead;

/** A message whose shape, author and signature hold. */
export type Received = {
  message: MessageHead;
  /** All of it, in its one spelling. */
  body: string;
  /** What its author signed. SPEC §1.7. */
  hash: Hex32;
};

export type Receiver = Pick<StatementContext, 'id' | 'statement'>;

export function receiveMessage(context: Receiver, value: unknown): Checked<Received, Refusal> {
  const checked = checkTrusteeMessage(context, value);
  if (!checked.ok) return checked;
  const message = checked.value;
  return accept({ message: headOf(message), body: canonicalJson(message), hash: messageHash(message.type, message) });
}

/** The same for the body of a request. */
export function receiveBytes(context: Receiver, bytes: Uint8Array): Checked<Received, Refusal | 'NOT_JSON'> {
  const text = decodeUtf8(bytes);
  const parsed = text === null ? refuse('NOT_JSON' as const, 'not UTF-8') : parseJson(text);
  return parsed.ok ? receiveMessage(context, parsed.value) : parsed;
}

function headOf(message: TrusteeMessage): MessageHead {
  if (message.type !== 'opening') return message;
  const { lists: _, proof: __, signature: ___, ...head } = message;
  return head;
}

/** The text of bytes; null where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
