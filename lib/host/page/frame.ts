// The frame of the pages that a program serves itself: the look of the platform's, without a line of script of its own
import { html } from 'hono/html';

/** What `html` makes: text in which everything that was put in is escaped. */
export type Html = ReturnType<typeof html>;

export type PageFrame = {
  /** Whose pages these are. */
  site: string;
  /** What that is, in a few words beside the name. */
  about: string;
  /** Paragraphs at the foot of every page. */
  foot: readonly (string | Html)[];
};

/** `isName`: the title is a name, and nobody may translate it. `again`: seconds after which the page is loaded anew. */
export type PageParts = {
  title: string;
  isName?: boolean;
  kicker?: string | Html;
  lead?: string;
  body: Html;
  scripts?: readonly string[];
  again?: number;
};

/** A whole page. The skip link, the head and the foot stand on each. */
export function layOutFrame({ site, about, foot }: PageFrame, page: PageParts): Html {
  const { title, isName = false, kicker, lead, body, scripts = [], again } = page;
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <meta name="robots" content="noindex" />
    ${again === undefined ? '' : html`<meta http-equiv="refresh" content="${again}" />`}
    <title>${title} · ${site}</title>
    <link rel="stylesheet" href="/look.css" />
    ${scripts.map((name) => html`<script type="module" src="/${name}"></script>`)}
  </head>
  <body>
    <header class="top" data-print="never">
      <a class="skip" href="#content">Skip to the content</a>
      <a class="wordmark" href="/" translate="no">${site}</a>
      <span class="quiet">${about}</span>
    </header>
    <main id="content" tabindex="-1">
      <div class="head">
        ${kicker ? html`<p class="kicker">${kicker}</p>` : ''}
        <h1>${isName ? asWritten(title) : title}</h1>
        ${lead ? html`<p class="lead">${lead}</p>` : ''}
      </div>
      ${body}
    </main>
    <footer class="foot" data-print="never">
      ${foot.map((paragraph) => html`<p>${paragraph}</p>`)}
    </footer>
  </body>
</html>`;
}

/** A name, an address or the like, which no translator of a browser may touch, and which runs in its own direction. */
export function asWritten(text: string): Html {
  return html`<bdi translate="no">${text}</bdi>`;
}

export function notice(kind: 'info' | 'error', title: string, todo: string, code?: string): Html {
  return html`<div class="notice ${kind}" role="${kind === 'error' ? 'alert' : 'status'}">
    <p class="title">${title}</p>
    <p>${todo}</p>
    ${code ? html`<p class="code">${code}</p>` : ''}
  </div>`;
}

/** A day in words that say their zone. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).concat(' UTC');
}
