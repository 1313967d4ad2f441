import { type NextRequest, NextResponse } from 'next/server';
import { EMBED_POLICY, isEmbed } from '#app/s/[id]/embed/embed-policy.ts';
import { onionLocation } from '#lib/host/public-origin.ts';
import { AppError } from '#lib/server/errors.ts';
import { answerRefusal } from '#lib/server/http/handle.ts';

/**
 * Gives every page a content policy with a fresh nonce: only scripts that the server itself put into the page run, nothing is
 * fetched from anywhere else, and nobody may frame the page, but for the one that is made for it. Next reads the nonce out of the request's header. An address that
 * cannot be decoded never gets further: Next's own router answers it with a bare 500.
 */
export function proxy(request: NextRequest): Response {
  const { pathname } = request.nextUrl;
  const isMalformed = !canDecode(pathname);
  if (isMalformed && /^\/(api|artifacts)\//.test(pathname)) return answerRefusal(new AppError('BAD_ADDRESS'));
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64');
  const policy = isEmbed(pathname) ? EMBED_POLICY : pagePolicy(nonce, process.env.NODE_ENV === 'development');
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy);
  const response = isMalformed
    ? NextResponse.rewrite(new URL(NOT_FOUND, request.url), { request: { headers }, status: 404 })
    : NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  const { ONION_URL } = process.env;
  const onion = ONION_URL ? onionLocation(ONION_URL, { url: request.url, host: request.headers.get('Host') }) : null;
  if (onion !== null) response.headers.set('Onion-Location', onion);
  return response;
}

export const config = {
  matcher: [
    // Static files and the API carry policies of their own, from next.config.ts.
    '/((?!_next/static|api/|artifacts/).*)',
    // Of theirs only those with an escape that no address of theirs has: everything else is spared the way through here.
    '/((?:api|artifacts)/.*%(?![0-7][0-9A-Fa-f]).*)',
  ],
};

/** The route that Next makes of app/not-found.tsx. */
const NOT_FOUND = '/_not-found';

function canDecode(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

function pagePolicy(nonce: string, development: boolean): string {
  const script = ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", "'wasm-unsafe-eval'", ...(development ? ["'unsafe-eval'"] : [])];
  // Next's development server puts styles into the page as it goes.
  const style = development ? ["'self'", "'unsafe-inline'"] : ["'self'", `'nonce-${nonce}'`];
  return [
    "default-src 'none'",
    `script-src ${script.join(' ')}`,
    `style-src ${style.join(' ')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
