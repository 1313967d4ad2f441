import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Api } from '#lib/api/client.ts';
import { checkRecord } from '#lib/checking/check-record.ts';
import { createProofSystem } from '#lib/checking/proof-system.ts';
import type { FetchFile } from '#lib/proof/artifacts.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { readFinal } from '#lib/signing/check-receipt.ts';
import { readPublicBoard } from '#lib/signing/read-board.ts';
import { waitFor } from './each-of.ts';
import { need } from './need.ts';
import type { Scene } from './sign-all.ts';

const REVEAL_PATIENCE_SECONDS = 300;

/** Waits until every receipt is honoured in a final checkpoint. @returns the number of the last final one. @throws Error when one is broken */
export async function waitForBoard({ api, loaded }: Scene, receipts: readonly Receipt[], now: () => number): Promise<number> {
  const { context, key } = loaded;
  return waitFor('the signatures to be on the board', REVEAL_PATIENCE_SECONDS, async () => {
    const places = new Map<string, number>();
    const board = need(
      await readPublicBoard(api, context, key, ({ checkpoint, listed }) => {
        for (const hash of listed) places.set(hash, checkpoint.number);
      }),
    );
    const final = await readFinal(api, context, board.hashes);
    const missing = receipts.filter((receipt) => (places.get(receipt.listed) ?? Number.POSITIVE_INFINITY) > final);
    if (missing.some((receipt) => now() > receipt.publishBy + context.statement.clockSkew))
      throw new Error('The platform has broken the promise of a receipt.');
    return missing.length === 0 ? final : null;
  });
}

/** Waits until as many names are open as there are signers. */
export async function waitForReveal(api: Api, id: string, names: number): Promise<void> {
  await waitFor('the names to be open', REVEAL_PATIENCE_SECONDS, async () => {
    let before: string | undefined;
    do {
      const page = await api.listStatements(before);
      const own = page.statements.find((statement) => statement.id === id);
      if (own) return own.state === 'revealed' && own.revealed >= names ? true : null;
      before = page.next;
    } while (before !== undefined);
    return null;
  });
}

export async function saveRecord(api: Api, id: string, file: string): Promise<void> {
  const stream = await api.openRecord(id);
  await pipeline(Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(file));
}

/** Checks a record file as a stranger would, and that it reveals exactly the names of those who signed. @throws Error listing what is off */
export async function checkOutcome(
  file: string,
  expected: { id: string; names: readonly string[] },
  tools: { manifest: Manifest; fetchFile: FetchFile; random: Random },
): Promise<RecordReport> {
  const report = await checkRecord(createReadStream(file), createProofSystem(tools.manifest, tools.fetchFile, tools.random));
  const faults = report.failures.map(({ line, code, detail }) => `line ${line}: ${detail} [${code}]`);
  if (report.id !== expected.id) faults.push('the record is of another statement');
  if (report.state !== 'revealed') faults.push(`the record says that the statement is ${report.state}`);
  const open = report.names.map((signer) => signer.name ?? 'a name that cannot be read');
  for (const name of missingFrom(expected.names, open)) faults.push(`${quote(name)} signed and is not among the names`);
  for (const name of missingFrom(open, expected.names)) faults.push(`${quote(name)} is among the names and did not sign`);
  if (faults.length > 0) throw new Error(`The record is not as it should be:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return report;
}

/** What is in one list and not, as often, in the other. */
function missingFrom(wanted: readonly string[], present: readonly string[]): string[] {
  const left = [...present];
  return wanted.filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
