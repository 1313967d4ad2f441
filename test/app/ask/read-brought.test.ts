import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readBrought } from '#app/ask/[id]/answers/read-brought.ts';
import { SEALED_ANSWER_BYTES } from '#lib/protocol/challenge/answer.ts';
import { MOST_ANSWERS } from '#lib/protocol/challenge/tally.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';

const challenge = 'ab'.repeat(32);
const answer = (of = challenge) => ({
  type: 'sealed-answer' as const,
  challenge: of,
  ciphertext: randomBytes(SEALED_ANSWER_BYTES).toString('hex'),
});
const fileOf = (name: string, text: string) => new File([text], name);

describe('answers that came by a messenger', () => {
  it('are taken from many files at once, each once, and each file that brings none is named with its reason', async () => {
    const [one, two] = [answer(), answer()];
    const unread: File = Object.assign(fileOf('gone.json', ''), { text: () => Promise.reject(new Error('gone')) });
    const read = await readBrought(
      challenge,
      [
        fileOf('one.json', `${canonicalJson(one)}\n`),
        fileOf('two.json', JSON.stringify(two, null, 2)),
        fileOf('one again.json', canonicalJson(one)),
        fileOf('other.json', canonicalJson(answer('cd'.repeat(32)))),
        fileOf('cut.json', canonicalJson(two).slice(0, -9)),
        fileOf('picture.json', '\u0000PNG'),
        unread,
      ],
      new Map(),
    );
    expect([...read.answers.values()]).toEqual([one, two]);
    expect(read.unread).toEqual([
      { name: 'other.json', fault: 'It is the answer to another question.' },
      { name: 'cut.json', fault: expect.stringContaining('cut off') },
      { name: 'picture.json', fault: expect.stringContaining('not an answer') },
      { name: 'gone.json', fault: expect.stringContaining('could not read') },
    ]);
    const more = await readBrought(challenge, [fileOf('one.json', canonicalJson(one))], read.answers);
    expect([more.answers.size, more.unread]).toEqual([2, []]);
  });

  it('are never read beyond the size that an answer has, nor beyond the number that a tally holds', async () => {
    const large: File = Object.assign(fileOf('large.json', 'x'.repeat(4 * SEALED_ANSWER_BYTES + 1)), {
      text: () => expect.unreachable('the file was read'),
    });
    expect((await readBrought(challenge, [large], new Map())).unread).toEqual([
      { name: 'large.json', fault: expect.stringContaining('far larger') },
    ]);
    const one = answer();
    const full = new Map(Array.from({ length: MOST_ANSWERS }, (_, i) => [String(i), one]));
    const read = await readBrought(challenge, [fileOf('one.json', canonicalJson(answer()))], full);
    expect([read.answers.size, read.unread[0]?.fault]).toEqual([MOST_ANSWERS, expect.stringContaining('more answers')]);
  });
});
