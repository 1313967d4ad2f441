import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { formatPoint, type Point } from '#lib/protocol/numbers/point.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { seeded } from '../circuits/signer.ts';
import { signForReal, type TestGroup } from '../support/world.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/trustee-entries.json');

/**
 * A signature with a real proof. Everything in these stories is drawn from seeds, so the proofs, which take seconds, are
 * kept in a file and made anew only for what is not in it. UPDATE_FIXTURES=1 adds what was made.
 */
export async function signOnce(context: StatementContext, key: Point, group: TestGroup, member: number, said: Said): Promise<Entry> {
  const about = canonicalJson({ statement: context.id, key: formatPoint(key), member, said });
  const name = bytesToHex(sha256(utf8ToBytes(about)));
  const known = existsSync(FIXTURES) ? (JSON.parse(readFileSync(FIXTURES, 'utf8')) as Record<string, Entry>) : {};
  const found = known[name];
  if (found) return found;
  const entry = await signForReal(context, key, group, member, said, seeded(about));
  if (process.env.UPDATE_FIXTURES) writeFileSync(FIXTURES, `${JSON.stringify({ ...known, [name]: entry }, null, 1)}\n`);
  return entry;
}
