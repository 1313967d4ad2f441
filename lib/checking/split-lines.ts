/** Bytes of the longest line that is read: a checkpoint of 2^20 entries takes 70 million, a wave of 500,000 names 134. SPEC §12.2. */
const LONGEST_LINE = 2 ** 27;
/** Commas, colons and brackets of the line with the most: a wave of 500,000 names has three and a half million. SPEC §12.3, §14.6. */
const MOST_MARKS = 2 ** 22;
const NEWLINE = 10;
/** 1 for each byte that is counted. Those within texts count too, which costs nothing and spares knowing where texts end. */
const IS_MARK = Uint8Array.from({ length: 256 }, (_, byte) => Number(',:[{'.includes(String.fromCharCode(byte))));

/** A file that is no record at all, or too broken to be read on. `message` is a sentence for a person. */
export class UnreadableRecord extends Error {
  readonly code: 'NOT_UTF8' | 'LINE_TOO_LONG' | 'EMPTY' | 'CHANGED';
  /** From 1. */
  readonly line: number;

  constructor(code: UnreadableRecord['code'], line: number, message: string) {
    super(message);
    this.name = 'UnreadableRecord';
    this.code = code;
    this.line = line;
  }
}

/** A line without its line feed. `isEnded` is false only of the last one, where bytes follow the last line feed. */
export type TextLine = { text: string; isEnded: boolean };

/**
 * Cuts bytes into lines, holding no more than one at a time. Bytes that are not UTF-8 are refused and not replaced: two files
 * would otherwise read as one. SPEC §12.1.
 * @throws UnreadableRecord
 */
export async function* splitLines(source: AsyncIterable<Uint8Array>, longest: number = LONGEST_LINE): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let parts: Uint8Array[] = [];
  let held = 0;
  let marks = 0;
  let line = 1;
  const take = (): string => {
    const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : join(parts, held);
    parts = [];
    held = 0;
    marks = 0;
    try {
      return decoder.decode(bytes);
    } catch {
      throw new UnreadableRecord(
        'NOT_UTF8',
        line,
        `This is not a record of Round Robin, or it was saved in another encoding, such as Latin-1: line ${line} is not text in UTF-8.`,
      );
    }
  };
  const keep = (bytes: Uint8Array) => {
    held += bytes.length;
    marks += countMarks(bytes);
    if (held > longest || marks > MOST_MARKS)
      throw new UnreadableRecord(
        'LINE_TOO_LONG',
        line,
        `This is not a record of Round Robin: line ${line} is longer than any line of a record can be, or has more parts.`,
      );
    if (bytes.length > 0) parts.push(bytes);
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      yield { text: take(), isEnded: true };
      line++;
      start = end + 1;
    }
    keep(chunk.slice(start)); // a copy: the source may reuse its buffer
  }
  if (held > 0) yield { text: take(), isEnded: false };
}

/** Whether some JSON has more parts than any line of a record, or any tally, can have. */
export function hasTooManyParts(bytes: Uint8Array): boolean {
  return countMarks(bytes) > MOST_MARKS;
}

/** What a line is made of takes memory by the piece, up to sixty times that of its text. */
function countMarks(bytes: Uint8Array): number {
  let marks = 0;
  for (let i = 0; i < bytes.length; i++) marks += IS_MARK[bytes[i] as number] as number;
  return marks;
}

/** The chunks of a stream, for browsers whose streams cannot be iterated. Ending early cancels the stream. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
