import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, splitLines, type TextLine } from '#lib/checking/split-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function* inPieces(all: Uint8Array, cuts: readonly number[]) {
  const sorted = [...cuts.map((cut) => cut % (all.length + 1)), 0, all.length].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i++) yield all.subarray(sorted[i - 1], sorted[i]);
}

async function* inRepeated(piece: Uint8Array, times: number) {
  for (let i = 0; i < times; i++) yield piece;
}

async function read(source: AsyncIterable<Uint8Array>, longest?: number): Promise<TextLine[]> {
  return Array.fromAsync(splitLines(source, longest));
}

const ended = (lines: readonly string[]): TextLine[] => lines.map((text) => ({ text, isEnded: true }));

describe('cutting a record into lines', () => {
  it('gives the same lines however the bytes arrive', async () => {
    const texts = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat()), async (lines, cuts) => {
        expect(await read(inPieces(bytes(`${lines.join('\n')}\n`), cuts))).toEqual(ended(lines));
      }),
    );
  });

  it('tells a last line that no line feed ends, and keeps empty lines and carriage returns', async () => {
    expect(await read(inPieces(bytes('a\n\nb\r\nc'), []))).toEqual([...ended(['a', '', 'b\r']), { text: 'c', isEnded: false }]);
    expect(await read(inPieces(bytes(''), []))).toEqual([]);
  });

  it('does not lose a byte order mark', async () => {
    expect(await read(inPieces(bytes('\ufeffa\n'), []))).toEqual(ended(['\ufeffa']));
  });

  it('refuses bytes that are not UTF-8 by their line, and never replaces them', async () => {
    const broken = Uint8Array.from([...bytes('fine\n'), 0xff, 10]);
    await expect(read(inPieces(broken, []))).rejects.toMatchObject({ name: 'UnreadableRecord', code: 'NOT_UTF8', line: 2 });
  });

  it('stops at a line without an end instead of filling the memory', async () => {
    let given = 0;
    async function* endless() {
      for (;;) yield new Uint8Array(1000).fill(++given && 65);
    }
    await expect(read(endless(), 10_000)).rejects.toMatchObject({ code: 'LINE_TOO_LONG', line: 1 });
    expect(given).toBe(11);
  });

  it('takes a checkpoint of 2^20 entries, the most that one can have', async () => {
    const hashes = `"${'a'.repeat(64)}",`.repeat(1024);
    const [line] = await read(inRepeated(bytes(hashes), 1024));
    expect(line?.text.length).toBe(67 * 2 ** 20);
  });

  it('cancels a stream that is not read to its end', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes('line\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const line of splitLines(chunksOf(stream))) {
      expect(line.text).toBe('line');
      break;
    }
    expect(cancelled).toBe(true);
  });
});
