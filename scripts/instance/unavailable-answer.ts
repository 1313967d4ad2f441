import { createHash } from 'node:crypto';

const AGAIN_SECONDS = 5;
const SENTENCE = 'The platform cannot reach its database at the moment. Nothing is lost: try again in a few seconds.';

const STYLE = `body{margin:15vh auto;max-width:34rem;padding:0 1.5rem;font:1.1rem/1.6 Georgia,serif;color:#2b2320;background:#f6f1e7}
h1{font-weight:600;line-height:1.2}a{color:inherit}
@media(prefers-color-scheme:dark){body{color:#e9e2d6;background:#1a1715}}`;

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Round Robin</title>
<style>${STYLE}</style>
<main>
<h1>This site is not working right now</h1>
<p>It cannot reach its database. Nothing was lost: memberships stay in this browser, and whatever was signed stays on its board.</p>
<p><a href="">Try again</a> in a few seconds.</p>
</main>
</html>
`;

const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`;

/** What is answered with status 503 while the database does not answer: a page to people, to programs what lib/server/errors.ts says. */
export function unavailableAnswer(pathname: string): { headers: Record<string, string>; body: string } {
  const always = { 'Retry-After': String(AGAIN_SECONDS), 'Cache-Control': 'no-store, no-transform', Connection: 'close' };
  if (pathname.startsWith('/api/')) {
    const body = JSON.stringify({ error: { code: 'UNAVAILABLE', message: SENTENCE } });
    return { headers: { ...always, 'Content-Type': 'application/json' }, body };
  }
  return { headers: { ...always, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY }, body: PAGE };
}
