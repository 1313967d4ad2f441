// The agent's own web server: every answer is made for its browser, kept by none, and leaves no line in any log
import { readFileSync } from 'node:fs';
import { type Context, Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { notice } from '#lib/host/page/frame.ts';
import { addLooks, addPageHeaders, KEPT } from '#lib/host/page/serve-pages.ts';
import { addClerkPages } from './clerk-desk.ts';
import type { Desk } from './desk.ts';
import { addMailPages } from './mail-pages.ts';
import { addMemberPages } from './member-pages.ts';
import { addOpenIdPages } from './openid-pages.ts';
import { layOutPage } from './pages/layout.ts';
import { describeRefusal } from './refusal-words.ts';
import { type AgentEnv, PageRefusal } from './requests.ts';

/** Of a form with the header of a mail, escaped, and of all others. */
const LARGEST_HEADER_FORM = 256 * 1_024;
const LARGEST_FORM = 16 * 1_024;
export function createAgentServer(desk: Desk): Hono<AgentEnv> {
  const app = new Hono<AgentEnv>();
  addPageHeaders(app, true);
  app.use((c, next) => (isFormOfOurs(c) ? next() : Promise.resolve(refuse(desk, new PageRefusal('HEADER_TOO_LONG', 413)))));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (_c, methods) => refuseMethod(desk, methods) }));
  addLooks(app);
  addScript(app);
  addMemberPages(app, desk);
  addMailPages(app, desk);
  addOpenIdPages(app, desk);
  addClerkPages(app, desk);
  app.notFound(() => refuse(desk, new PageRefusal('UNKNOWN_GROUP', 404)));
  app.onError((error) => {
    if (error instanceof PageRefusal) return refuse(desk, error);
    // The kind of a fault and never its text: that may hold what somebody typed.
    desk.log({ level: 'error', code: 'PAGE_FAILED', text: `a page failed (${error.name})` });
    return refuse(desk, new PageRefusal('BUSY', 500));
  });
  return app;
}

/** Whether a form is as long as one of ours may be. Browsers say beforehand how long it is; what does not is not read at all. */
function isFormOfOurs({ req }: Context): boolean {
  const length = req.header('Content-Length') ?? '0';
  const most = /\/mail$/.test(req.path) ? LARGEST_HEADER_FORM : LARGEST_FORM;
  return req.header('Transfer-Encoding') === undefined && /^\d{1,9}$/.test(length) && Number(length) <= most;
}

function addScript(app: Hono<AgentEnv>): void {
  const script = readFileSync(new URL('./pages/drop-mail.js', import.meta.url), 'utf8');
  app.get('/drop-mail.js', (c) => c.body(script, 200, { ...KEPT, 'Content-Type': 'text/javascript; charset=utf-8' }));
}

function refuseMethod(desk: Desk, allowed: readonly string[]): Response {
  const refusal = refuse(desk, new PageRefusal('WRONG_METHOD', 405));
  refusal.headers.set('Allow', allowed.join(', '));
  return refusal;
}

function refuse({ settings }: Desk, { code, status }: PageRefusal): Response {
  const { title, todo } = describeRefusal(code);
  const page = layOutPage(settings, { title: 'That did not work', body: notice('error', title, todo, code) });
  return new Response(String(page), { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}
