import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { proveSign } from '#lib/proof/prover.ts';
import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { formatPoint, type Point } from '#lib/protocol/numbers/point.ts';
import { type Permit, weekOf } from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Prover } from '#lib/signing/make-entry.ts';
import { makePermit } from '#lib/signing/make-permit.ts';
import { seeded } from '../circuits/signer.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { placeOf, signForReal, type TestGroup } from './world.ts';

/** What was recorded, by the file that keeps it. */
const recorded = new Map<string, Record<string, unknown>>();

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
  const about = { statement: context.id, key: formatPoint(key), member, said, ...(again ? { again } : {}) };
  return once('signed-entries', about, (seed) => signForReal(context, key, group, member, said, seeded(seed)));
}

/** A permit with a real proof, kept in the same way. `now` in Unix seconds. */
export async function permitOnce(context: StatementContext, group: TestGroup, member: number, now: number, slot = 0): Promise<Permit> {
  const week = weekOf(now);
  return once('permits', { opens: context.id, group: group.id, member, week, slot }, async (seed) => {
    const { files } = await loadCurrentKey();
    const request = { context, ...placeOf(group, member), week, slot };
    const random = seeded(seed);
    const prove: Prover = async ({ input }) => ({ ok: true, value: (await proveSign(input, files, { random })).proof });
    const made = await makePermit(request, prove, random);
    if (!made.ok) throw new Error(made.code);
    return made.value;
  });
}

async function once<T extends Entry | Permit>(file: string, described: Json, make: (seed: string) => Promise<T>): Promise<T> {
  const about = canonicalJson(described);
  const name = bytesToHex(sha256(utf8ToBytes(about)));
  const known = recorded.get(file) ?? readRecorded(file);
  recorded.set(file, known);
  if (name in known) return structuredClone(known[name]) as T;
  const made = await make(about);
  if (process.env.UPDATE_FIXTURES) {
    const all = { ...readRecorded(file), [name]: made };
    recorded.set(file, all);
    writeFileSync(pathOf(file), `${JSON.stringify(all, null, 1)}\n`);
  }
  return made;
}

function pathOf(file: string): string {
  return path.resolve(import.meta.dirname, `../fixtures/${file}.json`);
}

function readRecorded(file: string): Record<string, unknown> {
  return existsSync(pathOf(file)) ? (JSON.parse(readFileSync(pathOf(file), 'utf8')) as Record<string, unknown>) : {};
}
