import 'client-only';

const PATIENCE_MS = 10_000;

/**
 * Whether the site can answer now. Asked before a page is made again of itself: where that fails, the router leaves the page, and the
 * reader has the browser's or the site's word that nothing could be reached, in place of what stood there.
 */
export async function isSiteThere(): Promise<boolean> {
  const asking = fetch('/api/health', { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(PATIENCE_MS) });
  return asking.then(
    ({ status }) => status < 500, // a proxy in front may keep this route to itself
    () => false,
  );
}
