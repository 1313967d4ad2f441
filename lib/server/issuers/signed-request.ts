import 'server-only';
import { and, eq, lt } from '#db/drizzle.cjs';
import { groups, issuerRequests } from '#db/schema/membership.ts';
import { checkIssuerRequest, hashBody, REQUEST_FRESH_SECONDS, type RequestSubject } from '#lib/api/issuer-request.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { LARGEST, readBytes } from '../http/body.ts';
import { isHex32 } from '../statements/load.ts';
import { requireLiveKeys } from './key-ends.ts';

/** A request whose signature holds, with its body read, and the account that keeps the group. */
export type KeeperRequest = { issuer: string; request: Request };

/**
 * Takes a request about a group on the word of the key that the group is named by. The nonce is spent before the body is read, so
 * that of two copies sent at once one is refused; a key that keeps no such group here leaves nothing behind. SPEC §13.5.
 * @throws AppError BAD_ISSUER_REQUEST, ISSUER_REQUEST_NOT_FRESH, ISSUER_REQUEST_SPENT, GROUP_NOT_FOUND, ISSUER_KEY_ENDED
 */
export async function readKeeperRequest(ctx: Context, header: string, group: string, request: Request): Promise<KeeperRequest> {
  const { pathname, search } = new URL(request.url);
  const subject = { origin: ctx.publicUrl, method: request.method as RequestSubject['method'], path: pathname + search };
  const { issuer: key, nonce, body } = requireOk(checkIssuerRequest(header, subject, ctx.now()));
  const isTheirs = and(eq(groups.id, group), eq(groups.issuerKey, key));
  const [kept] = isHex32(group) ? await ctx.db.select({ issuer: groups.issuer }).from(groups).where(isTheirs) : [];
  if (!kept) throw new AppError('GROUP_NOT_FOUND');
  await requireLiveKeys(ctx.db, [key]);
  await spendNonce(ctx, key, nonce);
  const bytes = await readBytes(request, LARGEST.roll + LARGEST.capsules);
  if (hashBody(bytes) !== body) throw new AppError('BAD_ISSUER_REQUEST', 'the body is not the one that was signed');
  return { issuer: kept.issuer, request: withBody(request, bytes as Uint8Array<ArrayBuffer>) };
}

/** A nonce is kept until no request that bears it can be fresh any more. */
async function spendNonce(ctx: Context, key: string, nonce: string): Promise<void> {
  const now = ctx.now();
  await ctx.db.delete(issuerRequests).where(lt(issuerRequests.expiresAt, now));
  const row = { key, nonce, expiresAt: now + 2 * REQUEST_FRESH_SECONDS };
  const spent = await ctx.db.insert(issuerRequests).values(row).onConflictDoNothing().returning({ nonce: issuerRequests.nonce });
  if (spent.length === 0) throw new AppError('ISSUER_REQUEST_SPENT');
}

function withBody(request: Request, bytes: Uint8Array<ArrayBuffer>): Request {
  const { method, headers } = request;
  return new Request(request.url, { method, headers, ...(method === 'GET' ? {} : { body: bytes }) });
}
