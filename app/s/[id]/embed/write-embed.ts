/** A statement as a page without script, for frames in pages of others. Pure. */
import { drawRing, type Faces } from '#app/ring/draw-ring.ts';
import type { RingPictureProps } from '#app/ring/ring-picture.tsx';
import { describeRing } from '#app/ring/ring-words.ts';
import { escapeMarkup } from '#app/ui/escape-markup.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import { EMBED_STYLE } from './embed-policy.ts';

export interface EmbedWords {
  title: string;
  language: string;
  /** How it stands, in a sentence. */
  standing: string;
  /** The statement's own page, whole. */
  link: string;
}

export function writeEmbed({ title, language, standing, link }: EmbedWords, ring: RingPictureProps, faces: Faces): string {
  const { body, reach } = drawRing(ring, faces);
  const edge = Math.ceil(reach) + 6;
  const box = `${-edge} ${-edge} ${2 * edge} ${2 * edge}`;
  const shown = escapeMarkup(onOneLine(title));
  return writePage(shown, [
    `<svg viewBox="${box}" role="img" aria-label="${escapeMarkup(describeRing(ring))}">${body}</svg>`,
    `<h1 lang="${escapeMarkup(language)}" dir="auto"><a href="${escapeMarkup(link)}" target="_blank" rel="noopener">${shown}</a></h1>`,
    `<p>${escapeMarkup(onOneLine(standing))}</p>`,
    `<p><small>Round Robin at ${escapeMarkup(new URL(link).host)}, which sees that you read this.</small></p>`,
  ]);
}

/** Instead of a statement that the operator has hidden. @param link its own page, which says why */
export function writeHidden(link: string): string {
  const host = escapeMarkup(new URL(link).host);
  return writePage('A hidden statement', [
    `<p>Whoever runs ${host} does not show this statement. <a href="${escapeMarkup(link)}" target="_blank" rel="noopener">Why, and how it stands</a></p>`,
    `<p><small>Round Robin at ${host}, which sees that you read this.</small></p>`,
  ]);
}

/** Instead of a statement that is not there. */
export function writeMissing(): string {
  return writePage('No such statement', ['<p>There is no such statement here. The address in this frame was cut off or changed.</p>']);
}

function writePage(title: string, body: readonly string[]): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">`;
  return `<!doctype html><html lang="en"><head>${head}<title>${title}</title><style>${EMBED_STYLE}</style></head><body>${body.join('')}</body></html>\n`;
}
