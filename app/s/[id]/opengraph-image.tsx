import { createHash } from 'node:crypto';
import { ImageResponse } from 'next/og';
import { drawPicture, PICTURE_SIZE, type PictureWords } from '#app/ring/draw-picture.ts';
import { loadFace } from '#app/ring/faces.ts';
import type { RingPictureProps } from '#app/ring/ring-picture.tsx';
import { createMemo } from '#lib/server/memo.ts';
import { loadStatementView } from './load-view.ts';
import { describePicture, presentRing } from './present-statement.ts';

export const dynamic = 'force-dynamic';
export const alt = 'The round robin of this statement: how many have signed, of how many';
export const size = PICTURE_SIZE;
export const contentType = 'image/png';

/** Pictures made lately, by what is drawn. Many people may ask for the one that is being passed around. */
const made = createMemo<Promise<Buffer>>(200);

/** The picture beside a link to this statement: drawn here, with outlines for letters, so that nothing is asked of anybody else. */
export default async function StatementPicture({ params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { view } = await loadStatementView((await params).id);
  const words = describePicture(view);
  // Of a hidden one neither names nor counts: a circle of empty seats.
  const ring = presentRing(view.hidden ? { ...view, state: 'keying', counts: {}, live: 0 } : view);
  const name = createHash('sha256')
    .update(JSON.stringify([words, ring]))
    .digest('hex');
  const picture = made.get(name) ?? made.set(name, draw(words, ring));
  picture.catch(() => made.delete(name));
  return new Response(new Uint8Array(await picture), {
    headers: { 'Content-Type': contentType, 'Cache-Control': 'public, max-age=60, no-transform' },
  });
}

async function draw(words: PictureWords, ring: RingPictureProps): Promise<Buffer> {
  const faces = { upright: await loadFace('normal'), italic: await loadFace('italic') };
  const svg = drawPicture(words, ring, faces);
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  // biome-ignore lint/performance/noImgElement: it is drawn here and goes to no page
  const response = new ImageResponse(<img src={source} alt="" {...PICTURE_SIZE} />, PICTURE_SIZE);
  return Buffer.from(await response.arrayBuffer());
}
