import { createHash } from 'node:crypto';
import { loadFace } from '#app/ring/faces.ts';
import type { RingPictureProps } from '#app/ring/ring-picture.tsx';
import { getContext } from '#lib/server/current-context.ts';
import { AppError } from '#lib/server/errors.ts';
import { answerDocument } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { createMemo } from '#lib/server/memo.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { formatStatementLink } from '#lib/signing/statement-link.ts';
import { describeState, presentRing } from '../present-statement.ts';
import { type EmbedWords, writeEmbed, writeHidden, writeMissing } from './write-embed.ts';

/** Pages made lately, by what they show: a frame in a page that many read is drawn once. */
const made = createMemo<Promise<string>>(200);

export const GET = handle<{ id: string }>(async (_request, { id }) => {
  const ctx = await getContext();
  try {
    const view = await getStatementView(ctx, id);
    const { title, language } = view;
    const link = formatStatementLink({ origin: ctx.publicUrl, id: view.id });
    if (view.hidden) return answerDocument(writeHidden(link), 'text/html', 'minutes');
    const words = { title, language, standing: describeState(view), link };
    return answerDocument(await draw(words, presentRing(view)), 'text/html', 'minutes');
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'UNKNOWN_STATEMENT') throw error;
    return answerDocument(writeMissing(), 'text/html', 'fresh', { status: 404 });
  }
});

function draw(words: EmbedWords, ring: RingPictureProps): Promise<string> {
  const name = createHash('sha256')
    .update(JSON.stringify([words, ring]))
    .digest('hex');
  const page = made.get(name) ?? made.set(name, write(words, ring));
  page.catch(() => made.delete(name));
  return page;
}

async function write(words: EmbedWords, ring: RingPictureProps): Promise<string> {
  return writeEmbed(words, ring, { upright: await loadFace('normal'), italic: await loadFace('italic') });
}
