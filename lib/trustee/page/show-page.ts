// The page by which a person sees what their trustee does, in plain words
import { html } from 'hono/html';
import { pageOf } from '#lib/api/find-in-list.ts';
import type { RememberedEntry } from '#lib/host/log.ts';
import { asWritten, dayOf, type Html, layOutFrame, notice } from '#lib/host/page/frame.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Asked } from '../consent.ts';
import type { Policy } from '../policy.ts';
import { describePolicy } from '../policy.ts';
import { describeUnlisted } from '../queue.ts';
import type { HeldStatement, KeystoreView } from './read-held.ts';

export type TrusteePageView = {
  name: string;
  key: string;
  platform: string;
  now: number;
  keystore: KeystoreView;
  asked: readonly Asked[];
  /** Which page of these is shown, from 0 on. */
  askedPage: number;
  /** How many more wait for an answer than are listed. */
  unlisted: number;
  asks: boolean;
  policy: Policy;
  /** The minute of the last round in which the platform answered; null before the first. */
  heardAt: number | null;
  /** Whether it answered in the newest round. */
  isHeard: boolean;
  /** Why the clock is in doubt; null while it is not. */
  clockDoubt: string | null;
  /** Bytes that are free where the keystore lies. */
  freeBytes: number;
  log: readonly RememberedEntry[];
  /** Goes with each form, so that no page of somebody else can send one. */
  formToken: string;
};

const REFRESH_SECONDS = 60;
const ASKED_AT_ONCE = 50;
const LITTLE_ROOM = 1_000_000_000;

export function showTrusteePage(view: TrusteePageView): Html {
  const { keystore, asked, unlisted, platform } = view;
  return layOut(view.name, {
    title: view.name,
    isName: true,
    kicker: 'Your trustee',
    lead: sumUp(keystore, asked.length + unlisted),
    again: REFRESH_SECONDS,
    body: html`
      ${warnings(view)}
      ${asked.length > 0 ? askedSection(view) : ''}
      <section>
        <h2>Statements</h2>
        ${keystore.held.length === 0 ? html`<p>None at the moment. A statement of ${asWritten(platform)} that names this trustee appears here by itself.</p>` : ''}
        <ul class="people">${keystore.held.map((one) => heldRow(one, view.now))}</ul>
        ${keystore.further > 0 ? html`<p>${keystore.further} more end later than these.</p>` : ''}
        <p class="quiet">${describeOver(keystore)}</p>
      </section>
      <section>
        <h2>This machine</h2>
        ${machineFacts(view)}
      </section>
      <section>
        <h2>Seen and done since it was started</h2>
        ${view.log.length === 0 ? html`<p>Nothing yet.</p>` : html`<ul class="list">${view.log.map(logRow)}</ul>`}
      </section>`,
  });
}

export function showRefusal(title: string, todo: string): Html {
  return layOut('Round Robin', { title: 'That did not work', body: notice('error', title, todo) });
}

function layOut(site: string, page: Parameters<typeof layOutFrame>[1]): Html {
  const foot = [
    'This page is for you alone: it is served on this machine, to this machine, and only with the link that the start of the trustee printed.',
    'Keep the program running and the machine’s clock right. Do not back up the keystore: a copy of a share outlives its destruction.',
  ];
  return layOutFrame({ site, about: 'a trustee of Round Robin', foot }, page);
}

function sumUp({ held, further }: KeystoreView, asked: number): string {
  const shares = held.filter(({ stage }) => stage === 'keyed' || stage === 'confirmed').length + further;
  const keys =
    shares === 0
      ? 'This machine holds no share of a key.'
      : `This machine holds ${shares === 1 ? 'a share of one key' : `shares of ${shares} keys`}.`;
  return asked === 0 ? keys : `${keys} ${asked === 1 ? 'One statement waits' : `${asked} statements wait`} for your answer.`;
}

function warnings({ clockDoubt, freeBytes, keystore, isHeard, heardAt, platform }: TrusteePageView): Html {
  const withheld = keystore.held.filter(({ progress }) => progress && progress.missing.length + progress.hidden.length > 0);
  return html`${
    clockDoubt === null
      ? ''
      : notice(
          'error',
          `The clock may be wrong: ${clockDoubt}.`,
          'Set it right. Until the clocks agree, for an hour at most, nothing is opened or destroyed.',
        )
  }
  ${freeBytes < LITTLE_ROOM ? notice('error', 'The disk is nearly full.', 'Make room: what the trustee signs has to be written down first.') : ''}
  ${
    !isHeard && heardAt !== null
      ? notice(
          'error',
          `${platform} does not answer.`,
          `It last did at ${dayOf(heardAt)}. The trustee goes on trying; shares are destroyed in time all the same.`,
        )
      : ''
  }
  ${withheld.map(({ title, progress }) =>
    notice(
      'error',
      `The platform withholds something of ${quote(title)}.`,
      `${describeWithheld(progress?.missing.length ?? 0, progress?.hidden.length ?? 0)} Tell the other trustees, and publish what you have: npm run trustee -- status.`,
    ),
  )}`;
}

function describeWithheld(missing: number, hidden: number): string {
  const parts = [
    missing === 0
      ? ''
      : `It gave a receipt for ${missing === 1 ? 'a message' : `${missing} messages`} of this trustee and does not show ${missing === 1 ? 'it' : 'them'}.`,
    hidden === 0
      ? ''
      : `It does not show ${hidden === 1 ? 'a wave of names' : `${hidden} waves of names`} that enough trustees have opened.`,
  ];
  return parts.filter(Boolean).join(' ');
}

function askedSection({ asked, askedPage, unlisted, formToken }: TrusteePageView): Html {
  const { page, pages, start, end } = pageOf(asked.length, askedPage, ASKED_AT_ONCE);
  return html`<section>
    <h2>Asked of you</h2>
    <p>
      Each of these names you as a trustee. Whoever joins helps to make its key now, and holds a share of it until its end. What you decline is
      never joined by this machine.
    </p>
    <ul class="people">
      ${asked.slice(start, end).map(
        ({ id, title, groups, openBy, deadline, threshold, trustees }) => html`<li>
          <p><strong>${asWritten(title)}</strong></p>
          <p class="quiet">
            For ${groups.map((name, i) => html`${i > 0 ? ', ' : ''}${asWritten(name)}`)}. ${threshold} of ${trustees} trustees open. Signed until
            ${dayOf(deadline)}. All trustees must have joined by ${dayOf(openBy)}.
          </p>
          <p class="code">${asWritten(id)}</p>
          <form class="row" method="post" action="/statements/${id}">
            <input type="hidden" name="token" value="${formToken}" />
            <input type="hidden" name="page" value="${page}" />
            <button class="button primary" name="say" value="join">Join</button>
            <button class="button secondary" name="say" value="decline">Decline</button>
          </form>
        </li>`,
      )}
    </ul>
    ${pages > 1 ? askedPages(page, pages, `${start + 1} to ${end} of ${asked.length}`) : ''}
    ${describeUnlisted(unlisted).map((sentence) => html`<p>${sentence}</p>`)}
  </section>`;
}

/** Those first whose key has to be made soonest. */
function askedPages(page: number, pages: number, shown: string): Html {
  const link = (to: number, words: string) => (to >= 0 && to < pages ? html` <a href="/?page=${to}">${words}</a>` : '');
  return html`<p>${shown}, those first that have to be decided soonest.${link(page - 1, 'Earlier ones')}${link(page + 1, 'Later ones')}</p>`;
}

function heldRow(held: HeldStatement, now: number): Html {
  const { id, title, progress, place, threshold, trustees, checkpoint } = held;
  return html`<li>
    <p><strong>${asWritten(title)}</strong></p>
    <p>${describeStage(held, now)}</p>
    <p class="quiet">
      Trustee ${place} of ${trustees}; any ${threshold} open.
      ${checkpoint === 0 ? 'No checkpoint vouched for yet.' : `Checked and vouched for up to checkpoint ${checkpoint}.`}
    </p>
    ${
      progress === null
        ? ''
        : html`${progress.opened > 0 ? html`<p>${progress.opened === 1 ? 'One wave of names is' : `${progress.opened} waves of names are`} open.</p>` : ''}
      ${progress.waves.map(
        (wave) =>
          html`<p>Due: wave ${wave.number}, with ${wave.size} names. This trustee ${wave.doing}; ${wave.steps} mixed, ${wave.openings} opened.</p>`,
      )}`
    }
    <p class="code">${asWritten(id)}</p>
  </li>`;
}

function describeStage({ stage, openBy, deadline, destroyAt }: HeldStatement, now: number): string {
  switch (stage) {
    case 'keying':
      return `The key is being made, until ${dayOf(openBy)} at the latest. Nothing for you to do.`;
    case 'confirmed':
      return 'This trustee has done its part of the key and waits for the others.';
    case 'keyed':
      return now < deadline
        ? `It can be signed until ${dayOf(deadline)}. The share is destroyed at ${dayOf(destroyAt)}.`
        : `The deadline has passed. What is due is opened now, and the share is destroyed at ${dayOf(destroyAt)}.`;
    case 'destroyed':
      return 'The share is destroyed. The platform is still to take this trustee’s last word.';
    case 'aborted':
      return 'The key was not made; there is no share. The platform is still to take this trustee’s last word.';
  }
}

function describeOver({ destroyed, aborted }: KeystoreView): string {
  const keys = aborted === 0 ? '' : ` The key of ${aborted === 1 ? 'one' : aborted} was never made.`;
  return destroyed === 0 && aborted === 0
    ? 'None is over yet.'
    : `${destroyed === 1 ? 'One is' : `${destroyed} are`} over, with the share destroyed.${keys}`;
}

function machineFacts({ now, heardAt, freeBytes, platform, key, policy, asks }: TrusteePageView): Html {
  const rows: [string, string | Html][] = [
    ['Clock', dayOf(now - (now % 60))],
    ['Platform', html`${asWritten(platform)}, ${heardAt === null ? 'not heard yet' : `last heard at ${dayOf(heardAt)}`}`],
    ['Room on the disk', `${(freeBytes / 1e9).toLocaleString('en-GB', { maximumFractionDigits: 1 })} GB are free`],
    ['What it takes on', describePolicy(policy).replace('policy: ', '')],
    [
      'Before it joins',
      asks ? 'It asks you, on this page.' : 'It joins by itself what its policy allows. Start it with --ask yes to be asked.',
    ],
    ['Its key', html`<span class="code">${asWritten(key)}</span>`],
  ];
  return html`<dl class="facts">${rows.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function logRow({ minute, text, level }: RememberedEntry): Html {
  return html`<li><span class="quiet">${dayOf(minute)}</span> ${level === 'info' ? '' : html`<strong>Warning:</strong>`} ${asWritten(text)}</li>`;
}
