const NEAR = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z2-7]{56}\.onion)$/;

/** What is asked of an address under which browsers reach a server, for the sentence that refuses another. */
export const PUBLIC_ORIGIN = 'an https:// address without a path (http:// only for localhost and .onion)';

/**
 * Reads the origin under which browsers reach a server. Over plain http pages beyond this machine get no keys and keep no secret.
 * @returns it without a slash at its end; null for anything else
 */
export function parsePublicOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const schemeFits = url.protocol === 'https:' || (url.protocol === 'http:' && NEAR.test(url.hostname));
  return schemeFits && `${url.origin}/` === url.href ? url.origin : null;
}

/** Whether a text is the origin of an onion service, which Tor encrypts and proves by its name alone. */
export function isOnionOrigin(text: string): boolean {
  return parsePublicOrigin(text) === text && new URL(text).hostname.endsWith('.onion');
}

/** Where the same page is on the onion service, for the header Onion-Location; null for who is there already. */
export function onionLocation(onionOrigin: string, { url, host }: { url: string; host: string | null }): string | null {
  if (host === new URL(onionOrigin).host) return null;
  const { pathname, search } = new URL(url);
  return onionOrigin + pathname + search;
}
