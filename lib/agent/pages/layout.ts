import { html, raw } from 'hono/html';
import { drawQr } from '#lib/issuing/draw-qr.ts';
import type { Way } from '#lib/issuing/ways.ts';
import type { BrowserSession } from '../sessions.ts';
import type { AgentSettings } from '../settings.ts';
import { OFFERED, WAY_WORDS } from '../ways.ts';

/** What `html` makes: text in which everything that was put in is escaped. */
export type Html = ReturnType<typeof html>;

/** `isName`: the title is a name, and nobody may translate it. */
type Page = { title: string; isName?: boolean; kicker?: string | Html; lead?: string; body: Html; scripts?: readonly string[] };

/** A whole page with the look of the platform's. The skip link, the head and the issuer's contact stand on each. */
export function layOutPage(
  { issuerName, contact }: AgentSettings,
  { title, isName = false, kicker, lead, body, scripts = [] }: Page,
): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <meta name="robots" content="noindex" />
    <title>${title} · ${issuerName}</title>
    <link rel="stylesheet" href="/look.css" />
    ${scripts.map((name) => html`<script type="module" src="/${name}"></script>`)}
  </head>
  <body>
    <header class="top" data-print="never">
      <a class="skip" href="#content">Skip to the content</a>
      <a class="wordmark" href="/" translate="no">${issuerName}</a>
      <span class="quiet">admits people to Round Robin</span>
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
      <p>This page is the issuer’s own. It is not the platform, keeps no record of who opens it, and asks nobody else for anything.</p>
      <p>Something does not work? ${asWritten(contact)}</p>
    </footer>
  </body>
</html>`;
}

/** A name, an address or the like, which no translator of a browser may touch, and which runs in its own direction. */
export function asWritten(text: string): Html {
  return html`<bdi translate="no">${text}</bdi>`;
}

/** What each party notices, in four lines. */
export function noticesOf(way: Way): Html {
  const { issuer, platform, employer, provider } = WAY_WORDS[way].notices;
  const rows = [
    ['The issuer sees', issuer],
    ['The platform sees', platform],
    ['Your employer sees', employer],
    ['Mail and sign-in services see', provider],
  ];
  return html`<dl class="facts">${rows.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}

export function notice(kind: 'info' | 'error', title: string, todo: string, code?: string): Html {
  return html`<div class="notice ${kind}" role="${kind === 'error' ? 'alert' : 'status'}">
    <p class="notice-title">${title}</p>
    <p>${todo}</p>
    ${code ? html`<p class="code">${code}</p>` : ''}
  </div>`;
}

/** The token that shows that a form is one of ours. */
export function formToken({ formToken: token }: BrowserSession): Html {
  return html`<input type="hidden" name="token" value="${token}" />`;
}

/** Of ways that a group has, in the order in which they are offered. */
export function inOrder(ways: readonly Way[]): Way[] {
  return OFFERED.filter((way) => ways.includes(way));
}

/** A code for the camera of a phone. */
export function qrCode(text: string, label: string): Html {
  const { size, path } = drawQr(text);
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges">
    <path fill="#fff" d="M0 0h${size}v${size}H0z" /><path fill="#000" d="${raw(path)}" />
  </svg>`;
}

/** A day in words that say their zone. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).concat(' UTC');
}
