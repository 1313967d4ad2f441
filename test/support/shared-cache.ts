/**
 * A cache that many readers share, as a content network is: it keeps what an answer's Cache-Control allows, for as long as it
 * allows, and asks the origin for everything else. Seconds.
 * @param readers with `one` it is a browser's own cache, which also obeys what its reader says of a request; others need not
 */
export function startSharedCache(
  origin: (input: string, init: RequestInit) => Promise<Response>,
  now: () => number,
  readers: 'many' | 'one' = 'many',
) {
  const kept = new Map<string, { body: string; headers: Headers; until: number }>();
  const asked: string[] = [];
  const fetch = async (input: string, init: RequestInit): Promise<Response> => {
    const mode = readers === 'one' ? init.cache : undefined;
    const found = kept.get(input);
    if (found && now() < found.until && mode === undefined) return new Response(found.body, { headers: found.headers });
    const response = await origin(input, init);
    asked.push(input);
    const control = response.headers.get('Cache-Control') ?? '';
    const maxAge = /^public(?=,)/.test(control) && response.ok ? Number(control.match(/max-age=(\d+)/)?.[1] ?? 0) : 0;
    const body = await response.text();
    if (maxAge > 0 && mode !== 'no-store') kept.set(input, { body, headers: response.headers, until: now() + maxAge });
    return new Response(body, { status: response.status, headers: response.headers });
  };
  /** Every request that came to the origin. */
  return { fetch, asked };
}
