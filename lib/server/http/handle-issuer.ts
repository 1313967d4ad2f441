import 'server-only';
import type { Context } from '../context.ts';
import { getContext } from '../current-context.ts';
import { getEnv } from '../env.ts';
import { AppError } from '../errors.ts';
import { readSession } from '../session.ts';
import { handle } from './handle.ts';

type IssuerHandler<P> = (ctx: Context, issuer: string, request: Request, params: P) => Promise<Response>;

/** A route for signed-in issuers. What changes something is taken from the platform's own pages only. */
export function handleIssuer<P = Record<string, never>>(handler: IssuerHandler<P>) {
  return handle<P>(async (request, params) => {
    requireOrigin(request);
    const ctx = await getContext();
    const issuer = await readSession(ctx, getEnv(), request);
    if (issuer === null) throw new AppError('NOT_SIGNED_IN');
    return handler(ctx, issuer, request, params);
  });
}

/** @throws AppError BAD_ORIGIN when a request that changes something comes from elsewhere, or does not say from where */
export function requireOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.headers.get('Origin') !== getEnv().publicUrl) throw new AppError('BAD_ORIGIN', getEnv().publicUrl);
}
