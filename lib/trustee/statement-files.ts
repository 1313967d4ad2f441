// What a keystore holds of a statement, and which of it must be gone at its end
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fileOf } from './keystore.ts';

/** A verified step of a mix, anybody's, as it is sent. */
export function mixFile(statement: Hex32, wave: number, mix: Hex32): string {
  return fileOf(statement, `mix-${wave}-${mix}.ndjson`);
}

/** The trustee's own opening of a chain, as it is sent. */
export function openingFile(statement: Hex32, wave: number, mix: Hex32): string {
  return fileOf(statement, `opening-${wave}-${mix}.json`);
}

/** The partial openings that are made before it. */
export function partialsFile(statement: Hex32, wave: number, mix: Hex32): string {
  return fileOf(statement, `partials-${wave}-${mix}.log`);
}

/** Verified checkpoints with what is needed of their entries. */
export function boardFile(statement: Hex32): string {
  return fileOf(statement, 'board.log');
}

/** Entries whose proofs hold though their checkpoint is not verified to its end. */
export function provenFile(statement: Hex32): string {
  return fileOf(statement, 'proven.log');
}

export function wavesFile(statement: Hex32): string {
  return fileOf(statement, 'waves.log');
}

export function keyFile(statement: Hex32): string {
  return fileOf(statement, 'key.log');
}

/**
 * Whether a file must be erased at deadline + grace: what was made with the share, finished or not, and what only the committee may
 * see. SPEC §11.
 */
export function endsWithShare(name: string): boolean {
  return /^(opening-|partials-|mix-|board\.log|proven\.log)/.test(name);
}
