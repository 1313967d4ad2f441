// Files that a transfer, a program or a person has changed: told as such, for nothing in them speaks against the record itself.
import { hasTooManyParts, UnreadableRecord } from './split-lines.ts';

/** As many bytes as are looked at before anything is read. */
const LOOKED_AT = 64;

type FileKind = 'record' | 'tally';

const again = (kind: FileKind) =>
  `Nothing is known of the ${kind}. ${kind === 'record' ? 'Download it' : 'Ask for it'} again, and hand it on as a file, not as text.`;

/** What the first bytes of a file show, and what has happened to it. Records and tallies begin with `{"`. */
const BEGINNINGS: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0xef, 0xbb, 0xbf], 'a program put a byte order mark in front of it when it saved it'],
  [[0xff, 0xfe], 'it was saved again in UTF-16, in which Windows calls it Unicode'],
  [[0xfe, 0xff], 'it was saved again in UTF-16, in which Windows calls it Unicode'],
  [[0x7b, 0x00], 'it was saved again in UTF-16, in which Windows calls it Unicode'],
  [[0x00, 0x7b], 'it was saved again in UTF-16, in which Windows calls it Unicode'],
  [[0x1f, 0x8b], 'it is compressed with gzip; unpack it first'],
  [[0x50, 0x4b, 0x03, 0x04], 'it is inside a ZIP file; unpack it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'it is compressed with Zstandard; unpack it first'],
  [[0x42, 0x5a, 0x68], 'it is compressed with bzip2; unpack it first'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'it is compressed with xz; unpack it first'],
];

/** Passes on the bytes of a record as they come. @throws UnreadableRecord when they begin as those of a changed or packed file do */
export async function* requireRecordBytes(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of source) {
    if (start === null) {
      yield chunk;
      continue;
    }
    const both: Uint8Array = new Uint8Array(start.length + chunk.length);
    both.set(start);
    both.set(chunk, start.length);
    start = both;
    if (start.length < LOOKED_AT) continue;
    requireBeginning(start, 'record');
    yield start;
    start = null;
  }
  if (start === null || start.length === 0) return;
  requireBeginning(start, 'record');
  yield start;
}

/** The text of a tally. @throws UnreadableRecord when its bytes are those of an empty, a changed or a packed file, or of none at all */
export function requireTallyText(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new UnreadableRecord('EMPTY', 0, 'This is not a tally of Round Robin: the file is empty.');
  requireBeginning(bytes, 'tally');
  if (hasTooManyParts(bytes))
    throw new UnreadableRecord('LINE_TOO_LONG', 1, 'This is not a tally of Round Robin: it has more parts than any tally can have.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableRecord('NOT_UTF8', 1, `This is not the file that the platform wrote: it is not UTF-8. ${again('tally')}`);
  }
}

function requireBeginning(start: Uint8Array, kind: FileKind): void {
  const found = BEGINNINGS.find(([bytes]) => bytes.every((byte, i) => start[i] === byte));
  if (found) throw new UnreadableRecord('CHANGED', 1, `This is not the file that the platform wrote: ${found[1]}. ${again(kind)}`);
  const text = new TextDecoder('latin1').decode(start.subarray(0, LOOKED_AT)).trimStart();
  if (text.startsWith('<'))
    throw new UnreadableRecord('CHANGED', 1, `This is a web page that was saved in place of the ${kind}. ${again(kind)}`);
}

/** Looks at the first line of a file, without its line feed. @throws UnreadableRecord when it shows that the file was changed */
export function requireRecordLine(text: string): void {
  const changed = (what: string) => new UnreadableRecord('CHANGED', 1, `${what} ${again('record')}`);
  if (text.endsWith('\r'))
    throw changed('This is not the file that the platform wrote: its line ends were changed to those of Windows (CRLF).');
  if (/^\s*[{[]\s*$/.test(text)) throw changed('This is not the file that the platform wrote: a program has laid out its JSON anew.');
  if (text.startsWith('{"error":')) throw changed('This is an error of a platform that was saved in place of the record.');
}
