import { z } from 'zod';
import { type Body, bodyShape } from '#lib/protocol/board/listed.ts';
import { receiptShape } from '#lib/protocol/board/receipt.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, type Shape } from '#lib/protocol/messages/shape.ts';

const FILE_VERSION = 2;
const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, 'expected the origin of a platform');

const signatureFileShape = z.strictObject({
  type: z.literal('round-robin-signature'),
  version: z.literal(FILE_VERSION),
  platform: origin,
  ...bodyShape.shape,
});
/** An entry that was made and not handed in, with its listing salt: anybody may post it, from anywhere. It holds no secret and no name. */
export type SignatureFile = z.infer<typeof signatureFileShape>;

const receiptFileShape = z.strictObject({
  type: z.literal('round-robin-receipt'),
  version: z.literal(FILE_VERSION),
  platform: origin,
  ...bodyShape.shape,
  receipt: receiptShape,
});
/**
 * What a signer may keep: it holds the platform to its promise, and its salt finds the entry in the public lists. Found on somebody's
 * device it shows that they signed. A withdrawal does not need it.
 */
export type ReceiptFile = z.infer<typeof receiptFileShape>;

/** `platform` is the origin of the platform where the body is to be posted. */
export function signatureFile(platform: string, { entry, salt }: Body): SignatureFile {
  return { type: 'round-robin-signature', version: FILE_VERSION, platform, entry, salt };
}

export function receiptFile(platform: string, { entry, salt }: Body, receipt: ReceiptFile['receipt']): ReceiptFile {
  return { type: 'round-robin-receipt', version: FILE_VERSION, platform, entry, salt, receipt };
}

export function parseSignatureFile(text: string): Checked<SignatureFile, 'BAD_SIGNATURE_FILE'> {
  return parse(signatureFileShape, text, 'BAD_SIGNATURE_FILE', 'this is not a signature file');
}

export function parseReceiptFile(text: string): Checked<ReceiptFile, 'BAD_RECEIPT_FILE'> {
  return parse(receiptFileShape, text, 'BAD_RECEIPT_FILE', 'this is not a receipt');
}

/** The text of either file. */
export function formatFile(file: SignatureFile | ReceiptFile): string {
  return `${JSON.stringify(file satisfies Json, null, 2)}\n`;
}

function parse<T, Code extends string>(shape: Shape<T>, text: string, code: Code, what: string): Checked<T, Code> {
  const json = parseJson(text);
  const shaped = json.ok ? checkShape(shape, json.value) : json;
  return shaped.ok ? accept(shaped.value) : refuse(code, `${what} (${shaped.detail})`);
}
