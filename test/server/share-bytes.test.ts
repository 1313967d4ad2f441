import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerBytes } from '#lib/server/http/answer.ts';
import { shareBytes } from '#lib/server/http/share-bytes.ts';

const MB = 1024 * 1024;

describe('an answer of many bytes', () => {
  it('is sent in pieces of one copy, however many read it', async () => {
    const bytes = new Uint8Array(randomBytes(MB + 7));
    const answers = Array.from({ length: 3 }, () => answerBytes(bytes, 'application/octet-stream', 'immutable'));
    for (const answer of answers) {
      expect(answer.headers.get('Content-Length')).toBe(String(bytes.length));
      const pieces: Uint8Array[] = [];
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) pieces.push(part.value);
      expect(pieces.every(({ buffer }) => buffer === bytes.buffer)).toBe(true); // the same, not an equal one
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    }
  });

  it('is empty where there are none', async () => {
    expect((await answerBytes(new Uint8Array(), 'text/plain', 'fresh').arrayBuffer()).byteLength).toBe(0);
  });
});

describe('what is shared', () => {
  it('is loaded once for all who ask meanwhile, and for those who ask while somebody has it', async () => {
    let loads = 0;
    const load = async () => {
      loads++;
      return new Uint8Array(9);
    };
    const [one, other] = await Promise.all([shareBytes('a', load), shareBytes('a', load)]);
    expect(other).toBe(one);
    expect(await shareBytes('a', load)).toBe(one);
    expect(await shareBytes('b', load)).not.toBe(one);
    expect(loads).toBe(2);
  });

  it('is loaded again after a failure', async () => {
    const fail = () => Promise.reject(new Error('no disk'));
    await expect(shareBytes('c', fail)).rejects.toThrow('no disk');
    expect(await shareBytes('c', async () => new Uint8Array(1))).toHaveLength(1);
  });
});
