import { NextRequest } from 'next/server';
import { describe, expect, it } from 'vitest';
import { EMBED_POLICY } from '#app/s/[id]/embed/embed-policy.ts';
import { isOnionOrigin, onionLocation } from '#lib/host/public-origin.ts';
import { config, proxy } from '../proxy.ts';

function policyOf(path: string): Map<string, string[]> {
  const header = proxy(new NextRequest(`http://localhost${path}`)).headers.get('Content-Security-Policy') ?? '';
  return new Map(header.split('; ').map((directive) => [directive.split(' ')[0] ?? '', directive.split(' ').slice(1)]));
}

describe('the content policy of pages (T15)', () => {
  it('gives each page a nonce of its own', () => {
    const nonces = Array.from({ length: 20 }, () =>
      policyOf('/')
        .get('script-src')
        ?.find((source) => source.startsWith("'nonce-")),
    );
    expect(new Set(nonces).size).toBe(20);
    for (const nonce of nonces) expect(nonce).toMatch(/^'nonce-[A-Za-z0-9+/]{24}'$/);
  });

  it('lets nothing be run, fetched or shown that the server did not send itself', () => {
    const policy = policyOf('/statements/1');
    expect(policy.get('default-src')).toEqual(["'none'"]);
    const sources = [...policy].filter(([directive]) => directive !== 'script-src' && directive !== 'style-src').flatMap(([, s]) => s);
    expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", 'data:']));
    const run = [...(policy.get('script-src') ?? []), ...(policy.get('style-src') ?? [])].filter((source) => !source.startsWith("'nonce-"));
    expect(new Set(run)).toEqual(new Set(["'self'", "'strict-dynamic'", "'wasm-unsafe-eval'"]));
  });

  it('may not be framed and sends forms nowhere else', () => {
    const policy = policyOf('/');
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.get('form-action')).toEqual(["'self'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
  });

  it('lets one page be framed, and that one runs nothing, fetches nothing and sends nothing', () => {
    const id = 'a1'.repeat(32);
    expect(proxy(new NextRequest(`http://localhost/s/${id}/embed`)).headers.get('Content-Security-Policy')).toBe(EMBED_POLICY);
    const policy = policyOf(`/s/${id}/embed`);
    expect(policy.get('frame-ancestors')).toEqual(['*']);
    expect([policy.get('default-src'), policy.get('form-action'), policy.get('base-uri')]).toEqual([["'none'"], ["'none'"], ["'none'"]]);
    expect([...policy.keys()].filter((directive) => directive.endsWith('-src')).sort()).toEqual(['default-src', 'style-src']);
    const others = [`/s/${id}`, `/s/${id}/sign`, `/s/${id}/embed/`, `/s/${id}/embed/x`, `/s/${id.toUpperCase()}/embed`, `/s/x/embed`];
    const disguised = [`/wallet/s/${id}/embed`, `/s/${id}/%65mbed`, `/s/${id}/embed%2f..%2fsign`, `/s/${id}/embed/../sign`, '/', '/issuer'];
    for (const path of [...others, ...disguised]) expect([path, policyOf(path).get('frame-ancestors')]).toEqual([path, ["'none'"]]);
  });

  it('covers every path but static files, artifacts and the API, which have their own', () => {
    const covers = (path: string) => config.matcher.some((pattern) => new RegExp(`^${pattern}$`).test(path));
    for (const path of ['/', '/sign', '/apiary', '/statements/x/sign']) expect(covers(path), path).toBe(true);
    for (const path of ['/api/anonymous/%', '/artifacts/%ff', '/api/x%2']) expect(covers(path), path).toBe(true); // no address of theirs
    for (const path of ['/api/anonymous/x', '/api/a%20b', '/_next/static/a.js', '/artifacts/ab/sign.zkey'])
      expect(covers(path), path).toBe(false);
  });
});

describe('the onion address of a platform', () => {
  const host = `${'a2'.repeat(28)}.onion`;
  it('is named with the same page, to whoever is not there yet', () => {
    const at = (asked: string, url: string) => onionLocation(`http://${host}`, { url, host: asked });
    expect(at('sign.example', 'http://localhost:3000/statements?search=pay')).toBe(`http://${host}/statements?search=pay`);
    expect(at(host, 'http://localhost:3000/statements')).toBeNull();
  });

  it('is that of an onion service, without a path', () => {
    expect([`http://${host}`, `https://${host}`].map(isOnionOrigin)).toEqual([true, true]);
    for (const other of ['https://sign.example', `http://${host}/`, `http://x.${host}`, 'http://short.onion', 'http://localhost', ''])
      expect([other, isOnionOrigin(other)]).toEqual([other, false]);
  });
});
