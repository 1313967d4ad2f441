import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type CheckProgress, checkRecord } from '#lib/checking/check-record.ts';
import { listSteps } from '#lib/checking/describe-report.ts';
import { createProofSystem } from '#lib/checking/proof-system.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { countAll, MOST_FAILURES, type RecordReport } from '#lib/protocol/record/report.ts';

const record = readFileSync('test/vectors/record-revealed.ndjson');
const files = readFromDisk('circuits/artifacts');
const manifest = await loadManifest(files);
if (!manifest.ok) throw new Error(manifest.code);
const proofs = createProofSystem(manifest.value, files, (length) => new Uint8Array(length).fill(7));

const bytes = (text: string) => new TextEncoder().encode(text);
async function* once(all: Uint8Array, piece = all.length) {
  for (let start = 0; start < all.length; start += piece) yield all.subarray(start, start + piece);
}
async function* repeated(text: string, times: number) {
  const piece = bytes(text.repeat(1000));
  for (let i = 0; i < times / 1000; i++) yield piece;
}
const check = (source: AsyncIterable<Uint8Array>, onProgress?: (progress: CheckProgress) => void) =>
  checkRecord(source, proofs, onProgress ? { onProgress } : {});
const endOf = (report: RecordReport) => listSteps(report).find(({ step }) => step === 'end');

describe('checking a file that is no record', () => {
  it('ends for a file of nothing but faults, counts all of them and keeps the first', async () => {
    let largest = 0;
    const report = await check(repeated('\n', 300_000), (progress) => {
      largest = Math.max(largest, JSON.stringify(progress).length);
    });
    expect(report.ok).toBe(false);
    expect(countAll(report.failed)).toBe(300_001);
    expect(report.failures).toHaveLength(MOST_FAILURES);
    expect(report.failures.at(-1)?.line).toBe(MOST_FAILURES);
    expect(largest).toBeLessThan(1_000); // what is sent ten times a second does not grow
  });

  it('keeps its verdict exact where the first failures fill the list, and one follows a line that is right', async () => {
    const lines = record.toString().trimEnd().split('\n');
    const flooded = `${lines.slice(0, -1).join('\n')}\n${'\n'.repeat(MOST_FAILURES)}${lines.at(-1)}\n`;
    const report = await check(once(bytes(flooded)));
    expect(report.ok).toBe(false);
    expect(report.failures.map(({ code }) => code)).not.toContain('END_HASH');
    expect(report.failed.end).toBe(2); // END_LINES and END_HASH, which are no longer listed
  });

  it('bounds the memory of a line by its parts, not by its bytes alone', async () => {
    await expect(check(repeated('[],', 5_000_000))).rejects.toMatchObject({ code: 'LINE_TOO_LONG', line: 1 });
    await expect(check(repeated('{"a":', 3_000_000))).rejects.toMatchObject({ code: 'LINE_TOO_LONG', line: 1 });
    const deep = await check(once(bytes(`${'['.repeat(2_000_000)}\n`)));
    expect(deep.failures).toContainEqual({ line: 1, step: 'statement', code: 'NOT_JSON', detail: 'nested too deeply' });
  });

  it('never says that a file is whole when nothing could be compared', async () => {
    const lines = record.toString().trimEnd().split('\n');
    const headless = await check(once(bytes(`${lines.slice(1).join('\n')}\n`)));
    expect(endOf(headless)).toMatchObject({ passed: null, sentence: expect.stringMatching(/^Not checked: whether the file is whole/) });
    const cut = await check(once(record.subarray(0, record.length - 300)));
    expect(endOf(cut)).toMatchObject({ passed: false, sentence: expect.stringMatching(/^It does not hold that the file is whole/) });
    expect(endOf(await check(once(record)))).toMatchObject({ passed: true });
  });
});

describe('a file that was changed on its way', () => {
  const text = record.toString();
  const swapped = Buffer.from(text, 'utf16le').swap16();
  const changed: [what: string, bytes: Uint8Array, told: RegExp][] = [
    ['line ends', bytes(text.replaceAll('\n', '\r\n')), /Windows \(CRLF\)/],
    ['a byte order mark', bytes(`\ufeff${text}`), /byte order mark/],
    ['UTF-16, as Windows writes it', Buffer.from(`\ufeff${text}`, 'utf16le'), /UTF-16/],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), /UTF-16/],
    ['UTF-16 of the other order', swapped, /UTF-16/],
    ['gzip', gzipSync(record), /gzip; unpack/],
    ['a ZIP file', Uint8Array.from([0x50, 0x4b, 3, 4, ...record.subarray(0, 500)]), /ZIP file; unpack/],
    ['a web page', bytes('\n <!DOCTYPE html>\n<html><title>Sign in to the network</title>'), /web page that was saved in place/],
    ['the answer of a platform', bytes('{"error":{"code":"UNKNOWN_STATEMENT","message":"There is none."}}'), /error of a platform/],
    ['other white space', bytes(JSON.stringify(JSON.parse(text.split('\n')[0] as string), null, 2)), /laid out its JSON anew/],
    ['Latin-1', Buffer.from(text.replace('fair count', 'fairen Zählung'), 'latin1'), /another encoding, such as Latin-1/],
    ['nothing left', new Uint8Array(0), /file is empty/],
  ];

  it.each(changed)('is told as such: %s', async (_what, content, told) => {
    for (const piece of [content.length || 1, 1, 7].filter((size) => size > 1 || content.length < 100_000))
      await expect(check(once(content, piece))).rejects.toMatchObject({ name: 'UnreadableRecord', message: expect.stringMatching(told) });
  });

  it('is not one that only has a carriage return somewhere later: that line is named', async () => {
    const at = text.indexOf('\n', text.indexOf('\n') + 1);
    const report = await check(once(bytes(`${text.slice(0, at)}\r${text.slice(at)}`)));
    expect(report.failures).toContainEqual(expect.objectContaining({ line: 2, code: 'NOT_CANONICAL' }));
  });
});
