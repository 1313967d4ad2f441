import path from 'node:path';
import type { Api } from '#lib/api/client.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import { wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { readFinal } from '#lib/signing/check-receipt.ts';
import { postBody } from '#lib/signing/post-body.ts';
import { readPublicBoard } from '#lib/signing/read-board.ts';
import { formatStatementLink } from '#lib/signing/statement-link.ts';
import { saveRecord } from '../demo/check-outcome.ts';
import { eachOf, waitFor } from '../demo/each-of.ts';
import type { EnrolledMember } from '../demo/enrol-everyone.ts';
import { need } from '../demo/need.ts';
import { startProvingPool } from '../demo/proving-pool.ts';
import { makeSignature, type Scene } from '../demo/sign-all.ts';
import type { Terminal } from './terminal.ts';

const BOARD_PATIENCE_SECONDS = 120;

export async function proveAll(scene: Scene, signers: readonly EnrolledMember[]): Promise<Body[]> {
  const pool = startProvingPool();
  try {
    return await eachOf(signers, pool.size, (signer) => makeSignature(scene, signer, 1, pool.prove));
  } finally {
    await pool.close();
  }
}

/**
 * Hands all in at once, and lets `strike` happen when the first has been taken and others are on their way. As a wallet does, each asks
 * again until it has an answer. @returns the receipts, and how many were on their way
 */
export async function postAllThrough(
  { api, loaded, now }: Scene,
  bodies: readonly Body[],
  strike: () => void,
): Promise<{ receipts: Receipt[]; inFlight: number }> {
  let inFlight = bodies.length;
  const posts = bodies.map(async (body) => {
    const receipt = need(await postBody(api, loaded.context, body, now));
    inFlight -= 1;
    return receipt;
  });
  const all = Promise.all(posts);
  const struck = Promise.race(posts).then(() => {
    strike();
    return inFlight;
  });
  return { receipts: await all, inFlight: await struck };
}

/** A board as anybody reads it: its checkpoints by their hashes, what they list, and the last that trustees vouch for. */
export type BoardOfAnybody = { hashes: readonly Hex32[]; listed: string[]; final: number };

export async function readBoardOf({ api, loaded: { context, key } }: Pick<Scene, 'api' | 'loaded'>): Promise<BoardOfAnybody> {
  const listed: string[] = [];
  const board = need(
    await readPublicBoard(api, context, key, ({ listed: more }) => {
      for (const hash of more) listed.push(hash);
    }),
  );
  return { hashes: [...board.hashes], listed, final: await readFinal(api, context, board.hashes) };
}

/** Waits until trustees vouch for a board that lists so many entries. */
export function waitForEntries(scene: Pick<Scene, 'api' | 'loaded'>, entries: number): Promise<BoardOfAnybody> {
  return waitFor(`${entries} entries on a board that trustees vouch for`, BOARD_PATIENCE_SECONDS, async () => {
    const board = await readBoardOf(scene);
    return board.listed.length === entries && board.final === board.hashes.length ? board : null;
  });
}

/**
 * Signs as a member does who trusts no served page: with the words, the link of the group and the attested name.
 * @param through the words before the command, of a program that leads it elsewhere
 */
export async function signByCommand(
  terminal: Terminal,
  url: string,
  { id, member, through = [] }: { id: Hex32; member: EnrolledMember; through?: readonly string[] },
): Promise<void> {
  const said = await terminal.run({
    who: 'member',
    name: 'sign',
    through,
    args: [
      '--statement',
      formatStatementLink({ origin: url, id }),
      '--group',
      `${url}/groups/${member.group}`,
      '--name',
      member.name,
      '--yes',
    ],
    input: `${wordsOfRoot(member.wallet.root).join(' ')}\n`,
  });
  if (!said.includes('Accepted.')) throw new Error(`The signature was not taken:\n${said}`);
}

type RecordVerdict = { ok: boolean; id: Hex32; state: string; names: { name: string | null }[] };

/** Downloads a record and checks it as README tells an auditor. @throws Error unless it reveals exactly these names */
export async function auditRecord(terminal: Terminal, api: Api, id: Hex32, names: readonly string[]): Promise<void> {
  const file = path.join(terminal.folderOf('auditor'), 'record.ndjson');
  await saveRecord(api, id, file);
  const report = JSON.parse(
    await terminal.run({ who: 'auditor', name: 'verify-record', args: ['record.ndjson', '--json'] }),
  ) as RecordVerdict;
  const shown = report.names.map(({ name }) => name ?? 'a name that cannot be read').sort();
  if (!report.ok || report.id !== id || report.state !== 'revealed') throw new Error('The record does not verify as one of a reveal.');
  if (shown.join('\n') !== [...names].sort().join('\n'))
    throw new Error(`${names.length} signed, and the record names: ${shown.join(', ')}`);
}

/** A page as a visitor gets it. */
export async function readPage(url: string, place: string): Promise<string> {
  const response = await fetch(url + place);
  if (!response.ok) throw new Error(`${place} answers ${response.status}.`);
  return response.text();
}
