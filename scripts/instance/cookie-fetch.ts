import type { Fetch } from '#lib/api/request.ts';

/** A fetch that does what a browser does on the platform's own pages: it keeps the cookie and says where it comes from. */
export function createCookieFetch(origin: string): Fetch {
  let cookie: string | null = null;
  return async (input, init) => {
    const headers = new Headers(init.headers);
    headers.set('Origin', origin);
    if (cookie) headers.set('Cookie', cookie);
    const response = await fetch(input, { ...init, headers });
    const given = response.headers.getSetCookie().at(-1);
    if (given !== undefined) cookie = given.split(';')[0] as string;
    return response;
  };
}
