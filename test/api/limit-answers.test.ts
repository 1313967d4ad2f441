import { describe, expect, it } from 'vitest';
import { limitAnswers } from '#lib/api/limit-answers.ts';
import { readAnswer, request } from '#lib/api/request.ts';
import { emptyShape } from '#lib/api/shapes.ts';

const MB = 1024 * 1024;

describe('a platform whose answer does not end', () => {
  it('fills no program that asks it: the answer is broken off, with the cause', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += MB;
        controller.enqueue(new Uint8Array(MB).fill(0x20));
      },
    });
    const asked = await request(
      '',
      limitAnswers(async () => new Response(endless), 4 * MB),
      'omit',
      { path: '/' },
    );
    await expect(readAnswer(asked, emptyShape)).rejects.toMatchObject({ code: 'ANSWER_TOO_LONG' });
    expect(sent).toBeLessThan(10 * MB);
  });

  it('or whose answer has more parts than any that is honest is not read: they would take sixty times its length', async () => {
    const parts = `[${'[],'.repeat(2 ** 22)}[]]`;
    const read = readAnswer(new Response(parts), emptyShape);
    await expect(read).rejects.toMatchObject({ code: 'BAD_ANSWER', message: expect.stringContaining('more parts than belong here') });
  });
});
