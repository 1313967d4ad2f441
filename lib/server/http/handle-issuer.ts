import 'server-only';
import { ACCOUNT_HEADER } from '#lib/api/issuer-shapes.ts';
import type { Context } from '../context.ts';
import { getContext } from '../current-context.ts';
import { getEnv } from '../env.ts';
import { AppError } from '../errors.ts';
import { readSession, type SignedIn } from '../session.ts';
import { handle } from './handle.ts';

type IssuerHandler<P> = (ctx: Context, signedIn: SignedIn, request: Request, params: P) => Promise<Response>;

/** A route for signed-in issuers. What changes something is taken from the platform's own pages only. */
export function handleIssuer<P = Record<string, never>>(handler: IssuerHandler<P>) {
  return handle<P>(async (request, params) => {
    requireOrigin(request);
    const ctx = await getContext();
    const session = await readSession(ctx, getEnv(), request);
    if (session === null) throw new AppError('NOT_SIGNED_IN');
    requireAccount(request, session.signedIn);
    const response = await handler(ctx, session.signedIn, request, params);
    // Of a refusal the browser does not get it, and shows the old one again: `judgeToken` allows for that.
    if (session.cookie !== null && !response.headers.has('Set-Cookie')) response.headers.set('Set-Cookie', session.cookie);
    return response;
  });
}

/** @throws AppError OTHER_ACCOUNT when the page that asks shows another issuer than this browser has signed in since */
function requireAccount(request: Request, { issuer }: SignedIn): void {
  const shown = request.headers.get(ACCOUNT_HEADER);
  if (shown !== null && shown !== issuer) throw new AppError('OTHER_ACCOUNT');
}

/** @throws AppError BAD_ORIGIN when a request that changes something comes from elsewhere, or does not say from where */
export function requireOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { publicUrl, onionUrl } = getEnv();
  const origin = request.headers.get('Origin');
  if (origin === null || (origin !== publicUrl && origin !== onionUrl)) throw new AppError('BAD_ORIGIN', publicUrl);
}
