// SPEC §12.1: writing a record, the one file in which a statement can be checked without any server
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Cosignature, contradictions, latestOnChain } from '../board/cosignature.ts';
import { signMessage } from '../messages/ed25519.ts';
import { type Hex32, TAG_PREFIX } from '../messages/hash.ts';
import { canonicalJson, type Json } from '../messages/json.ts';
import { type StatementContext, VERSION } from '../statement/statement.ts';

/** The running hash and count of a record's lines, by writer and verifier alike. SPEC §12.1. */
export function createLineHash() {
  const hash = sha256
    .create()
    .update(utf8ToBytes(`${TAG_PREFIX}record`))
    .update(Uint8Array.of(0));
  let lines = 0;
  return {
    add(line: string): void {
      hash.update(utf8ToBytes(`${line}\n`));
      lines++;
    },
    /** Lines and their hash so far; more may be added afterwards. */
    state(): { lines: number; hash: Hex32 } {
      return { lines, hash: bytesToHex(hash.clone().digest()) };
    },
  };
}

/**
 * Writes a record line by line, in the order that the caller gives, and seals it. The text of each line ends in a newline.
 * Everything is spelt canonically, so that the same messages always make the same bytes. SPEC §12.1.
 */
export function createRecordWriter(context: StatementContext) {
  const hash = createLineHash();
  const write = (value: Json): string => {
    const line = canonicalJson(value);
    hash.add(line);
    return `${line}\n`;
  };
  return {
    header: (): string => write({ type: 'header', version: VERSION, statement: context.statement }),
    line: write,
    /** The last line: the platform's signature over the count and hash of all before. */
    end: (time: number, seed: Uint8Array): string => {
      const body = { type: 'end' as const, statement: context.id, ...hash.state(), time };
      return `${canonicalJson(signMessage('end', body, seed))}\n`;
    },
  };
}

/**
 * The cosignatures that a record holds, in its order: of each trustee the one of the latest checkpoint of the chain, which vouches
 * for all before, and those that contradict another of their author. SPEC §12.1.
 */
export function selectCosignatures(hashes: readonly Hex32[], all: readonly Cosignature[]): Cosignature[] {
  return [...latestOnChain(hashes, all).values(), ...contradictions(hashes, all)].sort(compareCosignatures);
}

/** The order of cosignatures in a record. SPEC §12.1. */
export function compareCosignatures(a: Cosignature, b: Cosignature): number {
  return a.number - b.number || a.trustee - b.trustee || (a.checkpoint < b.checkpoint ? -1 : Number(a.checkpoint > b.checkpoint));
}
