import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { formatPoint, type Point } from '#lib/protocol/numbers/point.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { seeded } from '../circuits/signer.ts';
import { signForReal, type TestGroup } from './world.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/signed-entries.json');
let recorded: Record<string, Entry> | undefined;

/**
 * A signature with a real proof. Where statement, committee and members are drawn from seeds, the same one is asked for in every run, so
 * the proofs, which take seconds, are kept in a file and made anew only for what is not in it. UPDATE_FIXTURES=1 adds what was made.
 * @param again tells signatures apart that say the same of one person
 */
export async function signOnce(
  context: StatementContext,
  key: Point,
  group: TestGroup,
  member: number,
  said: Said = { action: 'sign', group: group.id },
  again?: string,
): Promise<Entry> {
  const about = canonicalJson({ statement: context.id, key: formatPoint(key), member, said, ...(again ? { again } : {}) });
  const name = bytesToHex(sha256(utf8ToBytes(about)));
  recorded ??= readRecorded();
  const found = recorded[name];
  if (found) return structuredClone(found);
  const entry = await signForReal(context, key, group, member, said, seeded(about));
  if (process.env.UPDATE_FIXTURES) {
    recorded = { ...readRecorded(), [name]: entry };
    writeFileSync(FIXTURES, `${JSON.stringify(recorded, null, 1)}\n`);
  }
  return entry;
}

function readRecorded(): Record<string, Entry> {
  return existsSync(FIXTURES) ? (JSON.parse(readFileSync(FIXTURES, 'utf8')) as Record<string, Entry>) : {};
}
