// What a keystore holds of the opening of a wave. Until it is published it is as secret as the names, so it ends with the share.
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fileOf } from './keystore.ts';

/** The finished opening, as it is sent. */
export function openingFile(statement: Hex32, wave: number): string {
  return fileOf(statement, `opening-${wave}.json`);
}

/** The partial openings that are made before it. */
export function partialsFile(statement: Hex32, wave: number): string {
  return fileOf(statement, `partials-${wave}.log`);
}

/** The numbers of the waves whose openings are among the files of a statement's folder. */
export function listOpened(files: readonly string[]): number[] {
  return files.flatMap((name) => /^opening-([1-9]\d*)\.json$/.exec(name)?.[1] ?? []).map(Number);
}

/** Whether a file of a statement's folder was made with the share: a finished opening, a half-written one, or partial ones. */
export function isMadeWithShare(name: string): boolean {
  return /^(opening-\d+\.json(\.draft)?|partials-\d+\.log)$/.test(name);
}
