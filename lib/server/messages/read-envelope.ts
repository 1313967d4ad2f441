import 'server-only';
import { concatBytes } from '@noble/hashes/utils.js';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { type Hex32, taggedBytes } from '#lib/protocol/messages/hash.ts';

/** What an opening says of itself, and the bytes over which its author has signed that. */
export type Envelope = { statement: Hex32; trustee: number; wave: number; content: Hex32; signature: string; signed: Uint8Array };

/** What stands before the value in what is signed. SPEC §1.5. */
const PREFIX = taggedBytes('opening', {}).slice(0, -'{}'.length);
const HEAD = /^\{"content":"([0-9a-f]{64})","lead":(?:true|false),"lists":\[/;
const TAIL = /"signature":"([0-9a-f]{128})","statement":"([0-9a-f]{64})","trustee":([1-9]\d?),"type":"opening","wave":([1-9]\d{0,9})\}$/;
/** Longer than what each of the two must find. */
const ENDS = 400;

/**
 * Takes the author and his signature out of an opening without reading what is between: in its one spelling (RFC 8785) they stand at
 * its end. Nothing but these bytes is judged by the signature, so whoever made it made this text; whether it is an opening that
 * holds is left to the caller. SPEC §13.
 */
export function readEnvelope(bytes: Uint8Array): Checked<Envelope, 'BAD_SHAPE'> {
  const tail = TAIL.exec(textOf(bytes.subarray(-ENDS)));
  const head = HEAD.exec(textOf(bytes.subarray(0, ENDS)));
  if (!tail || !head) return refuse('BAD_SHAPE', 'a message of this length must be an opening in canonical form');
  const [found, signature, statement, trustee, wave] = tail as unknown as [string, string, string, string, string];
  const start = bytes.length - found.length;
  const end = start + found.indexOf('"statement"');
  const signed = concatBytes(PREFIX, bytes.subarray(0, start), bytes.subarray(end));
  return accept({ statement, trustee: Number(trustee), wave: Number(wave), content: head[1] as Hex32, signature, signed });
}

/** One character a byte, whatever they are. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
