/** Of the only page that others may frame: what it looks like, and the content policy under which it stands. */
import { createHash } from 'node:crypto';
import { INK, PAPER, SOFT } from '#app/ring/ring-shapes.ts';

export const EMBED_STYLE = [
  `:root{color-scheme:light;background:${PAPER};color:${INK};font:16px/1.4 Georgia,serif}`,
  'body{margin:0;padding:16px;text-align:center}',
  'svg{display:block;width:100%;max-width:22rem;height:auto;margin:0 auto 12px}',
  'a{color:inherit}h1{margin:0 0 6px;font-size:1.2rem;font-weight:600;overflow-wrap:anywhere}p{margin:0 0 6px}',
  `small{color:${SOFT}}`,
].join('');

/** Nothing runs and nothing is fetched; a link opens a window of its own. Anybody may frame it. */
export const EMBED_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(EMBED_STYLE).digest('base64')}'`,
  "form-action 'none'",
  "base-uri 'none'",
  'frame-ancestors *',
].join('; ');

/** Whether an address is that of the page, spelt as the snippet spells it: nothing else is ever framed. */
export function isEmbed(pathname: string): boolean {
  return /^\/s\/[0-9a-f]{64}\/embed$/.test(pathname);
}

/** What somebody puts into a page of theirs. The platform does not learn which page that is. @param publicUrl its origin */
export function embedSnippet(publicUrl: string, id: string): string {
  const attributes = 'title="A round robin" width="360" height="520" style="border:0" loading="lazy" referrerpolicy="no-referrer"';
  return `<iframe src="${publicUrl}/s/${id}/embed" ${attributes}></iframe>`;
}
