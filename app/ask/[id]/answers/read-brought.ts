/** Answers that came to an asker by a messenger, each as a file. */
import { parseSealedAnswer, SEALED_ANSWER_BYTES, type SealedAnswer } from '#lib/protocol/challenge/answer.ts';
import { MOST_ANSWERS } from '#lib/protocol/challenge/tally.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';

/** Bytes: the hex digits of one answer, and room for how a messenger or an editor lays JSON out. */
const LARGEST_ANSWER_FILE = 4 * SEALED_ANSWER_BYTES;

/** A file that brings no answer, and why. */
export type UnreadFile = { name: string; fault: string };
/** Answers by their ciphertexts, so that the same one twice is one. */
export type Brought = { answers: ReadonlyMap<string, SealedAnswer>; unread: UnreadFile[] };

/**
 * Reads files one after the other, none beyond its bound and no more answers than a tally holds, and adds them to what was read before.
 * Whether an answer can be opened and holds is for whoever counts.
 */
export async function readBrought(challenge: Hex32, files: readonly File[], before: Brought['answers']): Promise<Brought> {
  const answers = new Map(before);
  const unread: UnreadFile[] = [];
  for (const file of files) {
    const read = answers.size < MOST_ANSWERS ? await readOne(challenge, file) : 'There are more answers than can be counted at once.';
    if (typeof read === 'string') unread.push({ name: file.name, fault: read });
    else answers.set(read.ciphertext, read);
  }
  return { answers, unread };
}

/** The answer in a file, or a sentence about what it is instead. */
async function readOne(challenge: Hex32, file: File): Promise<SealedAnswer | string> {
  if (file.size > LARGEST_ANSWER_FILE) return 'It is far larger than an answer, and was not read.';
  const text = await file.text().catch(() => null);
  if (text === null) return 'This browser could not read it. Is it still where it was?';
  const json = parseJson(text);
  const read = json.ok ? parseSealedAnswer(json.value) : json;
  if (!read.ok) return 'It is not an answer that was saved as a file, or it was cut off or changed.';
  return read.value.challenge === challenge ? read.value : 'It is the answer to another question.';
}
