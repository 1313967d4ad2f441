import 'server-only';
import { REQUEST_HEADER } from '#lib/api/issuer-request.ts';
import type { Context } from '../context.ts';
import { getContext } from '../current-context.ts';
import { requireOwnGroup } from '../groups/list.ts';
import type { Keeper } from '../issuers/log.ts';
import { readKeeperRequest } from '../issuers/signed-request.ts';
import { handle } from './handle.ts';
import { handleIssuer } from './handle-issuer.ts';

type OfGroup = { id: string };
type KeeperHandler = (ctx: Context, keeper: Keeper, request: Request, params: OfGroup) => Promise<Response>;

/**
 * A route about one group, for whoever keeps it: an issuer who is signed in, or the issuer's key by a signed request. The signature
 * opens nothing else of the account, such as its sessions. No browser adds such a header to a request that another page makes.
 */
export function handleKeeper(handler: KeeperHandler) {
  // Whose group it is, is looked at before the body, which may have megabytes.
  const bySession = handleIssuer<OfGroup>(async (ctx, signedIn, request, params) => {
    await requireOwnGroup(ctx, signedIn.issuer, params.id);
    return handler(ctx, signedIn, request, params);
  });
  const byKey = handle<OfGroup>(async (request, params) => {
    const ctx = await getContext();
    const signed = await readKeeperRequest(ctx, request.headers.get(REQUEST_HEADER) ?? '', params.id, request);
    return handler(ctx, { issuer: signed.issuer, clerk: null }, signed.request, params);
  });
  return (request: Request, context: { params: Promise<OfGroup> }): Promise<Response> =>
    (request.headers.has(REQUEST_HEADER) ? byKey : bySession)(request, context);
}
