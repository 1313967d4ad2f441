import type { ClerkOf } from '#db/approve-issuer.ts';
import { createIssuerApi, type IssuerApi } from '#lib/api/issuer-client.ts';
import { openSession } from '#lib/server/session.ts';
import type { TestPlatform } from './platform.ts';
import { fetchFrom, ORIGIN, type Route } from './routes.ts';

/** Signs a clerk in on a platform that is connected to the routes. @returns the cookie as a browser sends it */
export async function openCookie({ ctx }: TestPlatform, clerk: ClerkOf): Promise<string> {
  const settings = { sessionSecret: process.env.SESSION_SECRET as string, publicUrl: ORIGIN };
  return (await openSession(ctx, settings, clerk)).split(';')[0] as string;
}

/** A browser in which a clerk is signed in. */
export async function openClient(
  platform: TestPlatform,
  routes: readonly Route[],
  clerk: ClerkOf,
  headers: Record<string, string> = {},
): Promise<IssuerApi> {
  const cookie = await openCookie(platform, clerk);
  return createIssuerApi(ORIGIN, fetchFrom(routes, { Origin: ORIGIN, Cookie: cookie, ...headers }).fetch);
}
