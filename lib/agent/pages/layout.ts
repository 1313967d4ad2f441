import { html, raw } from 'hono/html';
import { asWritten, type Html, layOutFrame, type PageParts } from '#lib/host/page/frame.ts';
import { drawQr } from '#lib/issuing/draw-qr.ts';
import type { Way } from '#lib/issuing/ways.ts';
import type { BrowserSession } from '../sessions.ts';
import type { AgentSettings } from '../settings.ts';
import { OFFERED, WAY_WORDS } from '../ways.ts';

/** A page of the agent's own. The issuer's contact stands on each. */
export function layOutPage({ issuerName, contact }: AgentSettings, page: PageParts): Html {
  const foot = [
    'This page is the issuer’s own. It is not the platform, keeps no record of who opens it, and asks nobody else for anything.',
    html`Something does not work? ${asWritten(contact)}`,
  ];
  return layOutFrame({ site: issuerName, about: 'admits people to Round Robin', foot }, page);
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
