import { beforeAll, describe, expect, it } from 'vitest';
import type { ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import { type Receipt, restoreReceipt, signReceipt } from '#lib/protocol/board/receipt.ts';
import { checkOnBoard, type ReceiptStatus } from '#lib/signing/check-receipt.ts';
import { postBody, receiptedBy } from '#lib/signing/post-body.ts';
import { formatFile, parseReceiptFile, parseSignatureFile, receiptFile, signatureFile } from '#lib/signing/signature-files.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { bodyWithoutProof, cosignBy, listBodies, showBoard } from './signed-board.ts';
import { answeringApi, type Stage, setStage, value } from './stage.ts';

const NOW = 1_800_002_000;
let stage: Stage;
let bodies: Body[];
let lists: ListedCheckpoint[];
beforeAll(async () => {
  stage = await setStage();
  bodies = [0, 1, 2, 3].map((member) => bodyWithoutProof(stage, member));
  lists = listBodies(stage, [bodies.slice(0, 1), bodies.slice(1, 3), []], NOW);
});
const receiptFor = (body: Body, now = NOW) => signReceipt(stage.context, receiptedBy(body), now, PLATFORM_SEED);
const restored = (change: Partial<ReturnType<typeof receiptedBy>>, publishBy = receiptFor(bodies[0]!).publishBy) =>
  restoreReceipt(stage.context, { ...receiptedBy(bodies[0]!), ...change }, publishBy, PLATFORM_SEED);

describe('handing in a signature', () => {
  const post = (receipt: object, now = NOW) =>
    postBody(
      answeringApi(() => Response.json({ receipt }, { status: 201 })),
      stage.context,
      bodies[0]!,
      () => now,
    );

  it('sends the entry with its listing salt and gives the checked receipt', async () => {
    const api = answeringApi((path, body) => {
      expect(path).toBe(`/api/anonymous/statements/${stage.context.id}/signatures`);
      expect(JSON.parse(body)).toEqual(bodies[0]!);
      return Response.json({ receipt: receiptFor(bodies[0]!) }, { status: 201 });
    });
    expect(value(await postBody(api, stage.context, bodies[0]!, () => NOW))).toEqual(receiptFor(bodies[0]!));
  });

  it('waits while the platform is busy or out of reach, and loses nothing', async () => {
    let calls = 0;
    const waits: number[] = [];
    const api = answeringApi(() => {
      calls++;
      if (calls === 1) throw new TypeError('fetch failed');
      if (calls === 2)
        return Response.json({ error: { code: 'BUSY', message: 'Busy.' } }, { status: 503, headers: { 'Retry-After': '1' } });
      return Response.json({ receipt: receiptFor(bodies[0]!) }, { status: 201 });
    });
    const posted = await postBody(api, stage.context, bodies[0]!, () => NOW, { onWait: (seconds) => waits.push(seconds) });
    expect(posted.ok).toBe(true);
    expect(waits).toEqual([1, 1]);
  });

  it('hands the platform’s refusal on under its code', async () => {
    const api = answeringApi(() => Response.json({ error: { code: 'ALREADY_SIGNED', message: 'You have signed.' } }, { status: 409 }));
    const refused = { ok: false, code: 'ALREADY_SIGNED', detail: 'You have signed.' };
    expect(await postBody(api, stage.context, bodies[0]!, () => NOW)).toEqual(refused);
  });

  it('refuses a receipt that differs in statement, entry, listed hash, action or signature (T9)', async () => {
    const other = receiptedBy(bodies[1]!);
    const changed: object[] = [
      restored({ entry: other.entry }),
      restored({ listed: other.listed }),
      restored({ action: 'withdraw' }),
      { ...restored({}), statement: 'e'.repeat(64) },
      { ...restored({}), signature: receiptFor(bodies[1]!).signature },
      { ...restored({}), publishBy: 1_900_000_000 },
    ];
    for (const receipt of changed) expect(await post(receipt), JSON.stringify(receipt)).toMatchObject({ ok: false, code: 'BAD_RECEIPT' });
    expect(await post(restored({}))).toMatchObject({ ok: true });
  });

  it('holds publishBy against its own clock, and tells that from a bad receipt: the clock may be the one that is wrong', async () => {
    const { clockSkew, mergeDelay, deadline } = stage.context.statement;
    const { publishBy } = receiptFor(bodies[0]!);
    expect(await post(restored({}, publishBy + clockSkew))).toMatchObject({ ok: true });
    expect(await post(restored({}, publishBy + clockSkew + 60))).toMatchObject({ ok: false, code: 'RECEIPT_LATE' });
    expect(await post(restored({}), NOW - clockSkew - 60)).toMatchObject({ ok: false, code: 'RECEIPT_LATE' });
    expect(await post(restored({}, deadline + mergeDelay + 1), deadline + clockSkew)).toMatchObject({ ok: false, code: 'RECEIPT_LATE' });
  });

  it('stops when told to', async () => {
    const api = answeringApi(() => {
      throw new TypeError('fetch failed');
    });
    const options = { signal: AbortSignal.timeout(50), onWait: () => {} };
    await expect(postBody(api, stage.context, bodies[0]!, () => NOW, options)).rejects.toThrow(/time/i);
  });
});

describe('what becomes of a receipt', () => {
  const check = async (receipt: Receipt, messages: readonly unknown[], now = NOW, on = lists): Promise<ReceiptStatus> =>
    value(await checkOnBoard(showBoard(on, messages), stage.context, stage.ceremony.keyed, receipt, now));
  /** When the time of the receipt is over. */
  const over = () => receiptFor(bodies[0]!).publishBy + stage.context.statement.clockSkew;
  const cosigned = (number: number, ...trustees: number[]) => cosignBy(stage, lists[number - 1]!, trustees);

  it('is only shown by this site until a quorum of three vouches for its checkpoint or a later one', async () => {
    const receipt = receiptFor(bodies[2]!);
    const listing = { checkpoint: 2, time: NOW + 1 };
    const { publishBy } = receipt;
    expect(await check(receipt, [])).toEqual({ status: 'shown', listing, publishBy, covering: null });
    expect(await check(receipt, cosigned(2, 1, 2))).toMatchObject({ status: 'shown', listing, publishBy });
    expect(await check(receipt, [...cosigned(1, 1, 2, 3, 4), ...cosigned(2, 1)])).toMatchObject({ status: 'shown' });
    expect(await check(receipt, cosigned(2, 1, 2, 4))).toEqual({ status: 'published', listing, kept: true, publishBy, covering: null });
    expect(await check(receipt, [...cosigned(2, 2), ...cosigned(3, 1, 4)])).toMatchObject({ status: 'published' });
  });

  it('counts each trustee once, and no cosignature that is forged, of another board, or withheld', async () => {
    const receipt = receiptFor(bodies[2]!);
    const [good] = cosigned(2, 3);
    const fork = cosignBy(stage, listBodies(stage, [[], bodies.slice(1, 3)], NOW)[1]!, [3]);
    const two = cosigned(2, 1, 2);
    expect(await check(receipt, [...two, ...two, ...cosigned(3, 1, 2)])).toMatchObject({ status: 'shown' });
    expect(await check(receipt, [...two, { ...good!, trustee: 4 }])).toMatchObject({ status: 'shown' });
    expect(await check(receipt, [...two, ...fork])).toMatchObject({ status: 'shown' });
    // A forged one of a later checkpoint does not hide its author's good one.
    const forged = { ...cosigned(3, 1)[0]!, trustee: 3 };
    expect(await check(receipt, [...two, forged, ...stage.ceremony.commits, good!])).toMatchObject({ status: 'published' });
  });

  it('is late once its time is over, whether the entry is missing or only shown: the receipt is the evidence (T51)', async () => {
    const missing = receiptFor(bodies[3]!);
    expect(await check(missing, cosigned(3, 1, 2, 3), over())).toEqual({ status: 'waiting', publishBy: missing.publishBy, covering: null });
    expect(await check(missing, cosigned(3, 1, 2, 3), over() + 1)).toMatchObject({
      status: 'late',
      listing: null,
      publishBy: missing.publishBy,
    });
    // A back-dated checkpoint is signed by the platform and cosigned by nobody honest.
    const receipt = receiptFor(bodies[2]!);
    expect(await check(receipt, cosigned(2, 1), over() + 1)).toMatchObject({ status: 'late', listing: { checkpoint: 2 } });
    expect(await check(receipt, cosigned(2, 1, 2, 3), over() + 1)).toMatchObject({ status: 'published', kept: true });
  });

  it('says where a final checkpoint came later than was promised', async () => {
    const tardy = listBodies(stage, [bodies.slice(0, 1)], over() + 60);
    const messages = cosignBy(stage, tardy[0]!, [1, 2, 3]);
    expect(await check(receiptFor(bodies[0]!), messages, over() + 90, tardy)).toMatchObject({ status: 'published', kept: false });
  });

  it('is found by its listed hash alone: no request names it, and all receipts make the same requests', async () => {
    const asked: string[][] = [];
    for (const body of [bodies[0]!, bodies[3]!]) {
      const paths: string[] = [];
      const honest = showBoard(lists, cosigned(3, 1, 2, 3));
      const api = {
        getBoardIndex: (...args: Parameters<typeof honest.getBoardIndex>) => {
          paths.push(`index ${args[1]}`);
          return honest.getBoardIndex(...args);
        },
        getSegment: (...args: Parameters<typeof honest.getSegment>) => {
          paths.push(`segment ${args[1].from}`);
          return honest.getSegment(...args);
        },
        listMessagesOf: (...args: Parameters<typeof honest.listMessagesOf>) => {
          paths.push(`${args[0]}s ${args[2]}`);
          return honest.listMessagesOf(...args);
        },
      };
      value(await checkOnBoard(api, stage.context, stage.ceremony.keyed, receiptFor(body), NOW));
      asked.push(paths);
    }
    expect(asked[0]).toEqual(['index 0', 'segment 1', 'cosignatures 0', 'cosignatures 3']);
    expect(asked[1]).toEqual(asked[0]);
  });
});

describe('files of signers', () => {
  it('hold entry, salt and receipt, are read back, and are refused when they are of another version or cut off', () => {
    const kept = receiptFile('https://example.org', bodies[0]!, receiptFor(bodies[0]!));
    expect(value(parseReceiptFile(formatFile(kept)))).toEqual(kept);
    const made = signatureFile('https://example.org', bodies[0]!);
    expect(value(parseSignatureFile(formatFile(made)))).toEqual(made);
    expect(parseReceiptFile(formatFile({ ...kept, version: 1 } as never))).toMatchObject({ ok: false, code: 'BAD_RECEIPT_FILE' });
    expect(parseReceiptFile(formatFile(made))).toMatchObject({ ok: false });
    expect(parseSignatureFile(formatFile(made).slice(0, -9))).toMatchObject({ ok: false, code: 'BAD_SIGNATURE_FILE' });
  });
});
