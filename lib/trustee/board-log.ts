// The checkpoints that a trustee has verified, a line each, so that no proof is checked twice. A line begins with its SHA-256.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { checkpointShape } from '../protocol/board.ts';
import type { Hex32 } from '../protocol/hash.ts';
import { canonicalJson, parseJson } from '../protocol/json.ts';
import { checkShape, fieldText, hex32, pointText } from '../protocol/shape.ts';
import { saidShape } from '../protocol/signature.ts';
import type { StatementContext } from '../protocol/statement.ts';
import { type BoardView, createView, extendView, type VerifiedCheckpoint } from './board-view.ts';
import type { Disk } from './disk.ts';
import { fileOf } from './keystore.ts';

const entryFactsShape = z.strictObject({ nullifier: fieldText, ephemeral: pointText, said: saidShape, hash: hex32 });
const lineShape: z.ZodType<VerifiedCheckpoint> = z.strictObject({ checkpoint: checkpointShape, entries: z.array(entryFactsShape) });

const HASH_LENGTH = 64;

/** Adds verified checkpoints and waits until they are on disk. */
export async function appendToLog(disk: Disk, statement: Hex32, verified: readonly VerifiedCheckpoint[]): Promise<void> {
  if (verified.length > 0) await disk.append(fileOf(statement, 'board.log'), verified.map(lineOf).join(''));
}

/** Makes the view again from the log; a line that a crash has torn is cut off, with all after it. Checks no proof. */
export async function replayLog(disk: Disk, context: StatementContext, transcript: Hex32): Promise<BoardView> {
  const name = fileOf(context.id, 'board.log');
  const text = (await disk.read(name)) ?? '';
  const view = createView(transcript);
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const verified = end < 0 ? null : parseLine(text.slice(start, end));
    if (verified === null || !extendView(context, view, verified).ok) break;
    start = end + 1;
  }
  // A view that a refused line has spoilt is made again from what is left; the log is ASCII, so characters are bytes.
  if (start === text.length) return view;
  await disk.cut(name, start);
  return replayLog(disk, context, transcript);
}

function lineOf(verified: VerifiedCheckpoint): string {
  const json = canonicalJson(verified);
  return `${hashOf(json)} ${json}\n`;
}

function parseLine(line: string): VerifiedCheckpoint | null {
  const json = line.slice(HASH_LENGTH + 1);
  if (line.slice(0, HASH_LENGTH) !== hashOf(json)) return null;
  const parsed = parseJson(json);
  const shaped = parsed.ok ? checkShape(lineShape, parsed.value) : parsed;
  return shaped.ok ? shaped.value : null;
}

function hashOf(json: string): string {
  return bytesToHex(sha256(utf8ToBytes(json)));
}
