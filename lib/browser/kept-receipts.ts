import 'client-only';
import { formatFile, parseReceiptFile, type ReceiptFile } from '#lib/signing/signature-files.ts';
import { deleteValue, readAllValues, writeValue } from './database.ts';

// Only what the person has asked to keep is here: whoever holds the unlocked device sees from it that they signed.

/** Keeps a receipt in this browser. @throws TypeError for one that could not be read back: nothing is stored then */
export async function keepReceipt(receipt: ReceiptFile): Promise<void> {
  const text = formatFile(receipt);
  if (!parseReceiptFile(text).ok) throw new TypeError('"receipt" could not be read back');
  await writeValue('receipts', receipt.receipt.entry, text);
}

/** The receipts kept here, for one statement or for all. */
export async function listKeptReceipts(statement?: string): Promise<ReceiptFile[]> {
  const texts = (await readAllValues('receipts')) as string[];
  const receipts = texts.map(parseReceiptFile).flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
  return statement === undefined ? receipts : receipts.filter(({ receipt }) => receipt.statement === statement);
}

/** Forgets one receipt, by its entry's hash. */
export async function forgetReceipt(entry: string): Promise<void> {
  await deleteValue('receipts', entry);
}
