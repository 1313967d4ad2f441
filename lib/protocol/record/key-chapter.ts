// SPEC §12.4, the third chapter of a record: key generation
import { createBoard } from '../board/reader.ts';
import { kindOfKeyMessage, MOST_OF_A_KIND } from '../key/forked-messages.ts';
import { findMissingMessages, judgeKeyGeneration } from '../key/key-judgement.ts';
import type { KeyMessage } from '../key/key-messages.ts';
import { RecordProofs } from './proof-queue.ts';
import { contextOf, type Reading } from './reading.ts';

/** Those of one kind and author stand side by side in a record, and only so many are judged: each more would double the work, or worse. */
export function readKeyMessage({ keyMessages, notebook, line }: Reading, message: KeyMessage): void {
  const before = keyMessages.at(-MOST_OF_A_KIND);
  if (before && kindOfKeyMessage(before) === kindOfKeyMessage(message))
    return notebook.fail(line, 'key', 'KEY_MESSAGE_SURPLUS', `trustee ${message.trustee} is quoted more often than a proof takes`);
  keyMessages.push(message);
}

/** Judges the messages; with a key the board can begin. */
export function closeKey(reading: Reading): void {
  const { notebook, keyMessages } = reading;
  const context = contextOf(reading);
  // A message that was refused is told at its line, and not once more as missing.
  const missing = notebook.hasFailed('key') ? [] : findMissingMessages(context, keyMessages);
  for (const { trustee, type } of missing)
    notebook.fail(0, 'key', 'KEY_MESSAGE_MISSING', `others follow the ${type} of trustee ${trustee}, which is not in the record`);
  reading.key = judgeKeyGeneration(context, keyMessages);
  if (reading.key.status !== 'keyed') return;
  reading.board = createBoard(reading.key.transcript);
  reading.queue = new RecordProofs(context.statement.verificationKey, reading.proofs, notebook);
}
