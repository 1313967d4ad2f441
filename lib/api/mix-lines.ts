// SPEC §13: a step of a mix on its way: canonical lines, the message first, so that its signature is checked before a list is read
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { MixStep } from '#lib/protocol/reveal/mix.ts';

/** The bytes of a step as it is posted (application/x-ndjson). */
export function mixLines({ mix, lists }: MixStep): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([mix, ...lists].map((line) => `${canonicalJson(line)}\n`).join(''));
}
