// The trustee's page: on this machine alone, for whoever has the link that its start printed
import { timingSafeEqual } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { LogMemory } from '#lib/host/log.ts';
import type { RoundMeasurements } from '#lib/host/measure-rounds.ts';
import type { Html } from '#lib/host/page/frame.ts';
import { addLooks, addPageHeaders, listenForPages } from '#lib/host/page/serve-pages.ts';
import type { TrusteeContext } from '../context.ts';
import type { Trustee } from '../trustee.ts';
import { createKeystoreReader } from './read-held.ts';
import { showRefusal, showTrusteePage } from './show-page.ts';

export type TrusteePageTools = Pick<TrusteeContext, 'disk' | 'identity' | 'now' | 'random' | 'policy' | 'consent'> & {
  trustee: Pick<Trustee, 'clockDoubt'>;
  /** The platform's address. */
  platform: string;
  rounds: Pick<RoundMeasurements, 'heardAt' | 'isReady'>;
  memory: LogMemory;
};

/** The one host at which it listens. Nothing else is offered: who holds shares does not let others look at it over a network. */
const LOOPBACK = '127.0.0.1';
const LARGEST_FORM = 4_096;
/** The page, for a browser that has just been given its cookie. */
const ENTERED = '/?entered';

/** @returns the link with which the page opens, and how to stop it @throws Error with a sentence when the port cannot be had */
export async function serveTrusteePage(tools: TrusteePageTools, port: number): Promise<{ link: string; stop(): Promise<void> }> {
  const entryKey = Buffer.from(tools.random(24)).toString('base64url');
  const place = { port: 0 };
  const app = createTrusteePages(tools, entryKey, () => place.port);
  const what = `The trustee’s page cannot be served on port ${port} of this machine`;
  const listening = await listenForPages(app.fetch, { host: LOOPBACK, port }, what);
  place.port = listening.port;
  return {
    link: `http://${LOOPBACK}:${listening.port}/enter?key=${entryKey}`,
    stop: () => new Promise((done) => listening.server.close(() => done())),
  };
}

/** @param entryKey opens the page in a browser, for as long as this process runs @param portOf where it listens */
function createTrusteePages(tools: TrusteePageTools, entryKey: string, portOf: () => number): Hono {
  const app = new Hono();
  const formToken = Buffer.from(tools.random(24)).toString('base64url');
  const cookieName = () => `round-robin-trustee-${portOf()}`; // cookies are shared by all ports of a machine
  const readKeystore = createKeystoreReader(tools.disk);
  addPageHeaders(app, false);
  app.use(async (c, next) =>
    isFromHere(c, portOf())
      ? next()
      : refuse(c, 403, 'This page is for this machine alone.', 'Open it by the link that its start printed.'),
  );
  addLooks(app);
  app.get('/enter', (c) => {
    if (!isSame(c.req.query('key') ?? '', entryKey)) return refuseStranger(c);
    // Lax and not Strict: the link may stand on a page of another site, such as a terminal in a browser, and leads on from there.
    setCookie(c, cookieName(), entryKey, { path: '/', httpOnly: true, sameSite: 'Lax' });
    return c.redirect(ENTERED, 303);
  });
  app.use(async (c, next) => {
    if (isSame(getCookie(c, cookieName()) ?? '', entryKey)) return next();
    return c.req.query('entered') === undefined ? refuseStranger(c) : refuseCookieless(c);
  });
  app.get('/', async (c) => {
    const askedPage = readPage(c.req.query('page'));
    return c.html(showTrusteePage({ ...(await readView(tools, readKeystore)), askedPage, formToken }) as Html);
  });
  app.post('/statements/:id', async (c) => {
    const form = isShort(c) ? await c.req.parseBody().catch(() => null) : null;
    if (form === null || typeof form.token !== 'string' || !isSame(form.token, formToken)) return refuseForm(c);
    if (form.say !== 'join' && form.say !== 'decline') return refuseForm(c);
    if (!(await tools.consent.say(c.req.param('id'), form.say)))
      return refuse(
        c,
        409,
        'Nobody asks about this statement any more.',
        'It was answered already, or its time is over. Go back to the page.',
      );
    return c.redirect(`/?page=${readPage(form.page)}`, 303);
  });
  app.notFound((c) => refuse(c, 404, 'There is no such page.', 'Go back to the first page.'));
  app.onError((_, c) => refuse(c, 500, 'The page could not be made.', 'The trustee itself goes on. Load the page again.'));
  return app;
}

async function readView(tools: TrusteePageTools, readKeystore: ReturnType<typeof createKeystoreReader>) {
  const { disk, identity, now, policy, consent, trustee, platform, rounds, memory } = tools;
  const { bavail, bsize } = await statfs(disk.folder);
  return {
    ...{ name: identity.descriptor.name, key: identity.descriptor.key, platform, now: now(), policy, asks: consent.asks },
    ...{
      keystore: await readKeystore(),
      asked: consent.waiting(),
      unlisted: consent.unlisted(),
      log: memory.newest(),
      freeBytes: bavail * bsize,
    },
    ...{ heardAt: rounds.heardAt(), isHeard: rounds.isReady(), clockDoubt: trustee.clockDoubt() },
  };
}

/**
 * Whether a request names this machine and comes from no page of another place: a name that a stranger's DNS leads here is another host,
 * and a form of another site bears its Origin.
 */
function isFromHere({ req }: Context, port: number): boolean {
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  const host = req.header('Host') ?? '';
  const origin = req.header('Origin');
  const site = req.header('Sec-Fetch-Site');
  const isOwnSite = site === undefined || site === 'same-origin' || (site === 'none' && req.method === 'GET');
  const isLink = site !== undefined && req.method === 'GET' && req.header('Sec-Fetch-Mode') === 'navigate';
  return hosts.includes(host) && (origin === undefined || origin === `http://${host}`) && (isOwnSite || isLink);
}

/** Which page of a list is meant, from 0 on: the first one where that cannot be told. */
function readPage(text: unknown): number {
  return typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : 0;
}

function isShort({ req }: Context): boolean {
  const length = req.header('Content-Length') ?? '';
  return req.header('Transfer-Encoding') === undefined && /^\d{1,5}$/.test(length) && Number(length) <= LARGEST_FORM;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(c: Context, status: 403 | 404 | 409 | 500, title: string, todo: string) {
  return c.html(showRefusal(title, todo) as Html, status);
}

function refuseStranger(c: Context) {
  return refuse(c, 403, 'This page opens by its link alone.', 'The trustee printed it when it was started; a new start prints another.');
}

function refuseCookieless(c: Context) {
  return refuse(
    c,
    403,
    'This browser keeps no cookie of this page.',
    'In its settings allow 127.0.0.1 to store data, or use an ordinary window; then open the link that the trustee printed when it was started.',
  );
}

function refuseForm(c: Context) {
  return refuse(c, 403, 'This form is out of date.', 'Nothing was decided. Go back to the page, load it again, and answer once more.');
}
