// What every server of pages of a program's own does: headers that keep strangers out, the look, and a place that it listens at
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import type { Env, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { listenCause } from '../listen-cause.ts';
import type { ListenPlace } from '../measurements.ts';

/** Of an answer that is the same for everybody and may be kept for an hour. */
export const KEPT = { 'Cache-Control': 'public, max-age=3600' };

const packages = createRequire(import.meta.url);
const FONTS: Readonly<Record<string, string>> = {
  'serif.woff2': '@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2',
  'sans.woff2': '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
};
/** The platform's own sheets, as far as these pages have what they are for. What differs comes last. */
const APP = '../../../app';
const LOOKS = [`${APP}/globals.css`, ...['button', 'facts', 'notice'].map((part) => `${APP}/ui/${part}.module.css`), './page.css'];

/** Headers of every answer: nothing from elsewhere is run or fetched, nobody frames it, nobody keeps it. @param scripts whether pages have any */
export function addPageHeaders<E extends Env>(app: Hono<E>, scripts: boolean): void {
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: [scripts ? "'self'" : "'none'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
    }),
  );
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });
}

/** The style sheet at /look.css, and the letters. */
export function addLooks<E extends Env>(app: Hono<E>): void {
  const look = LOOKS.map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8')).join('\n');
  app.get('/look.css', (c) => c.body(look, 200, { ...KEPT, 'Content-Type': 'text/css; charset=utf-8' }));
  for (const [name, file] of Object.entries(FONTS)) {
    const bytes = new Uint8Array(readFileSync(packages.resolve(file)));
    app.get(`/${name}`, (c) => c.body(bytes, 200, { ...KEPT, 'Content-Type': 'font/woff2' }));
  }
}

/** Connections at a time, and how long a form may take: what they hold in memory together stays bounded. */
const MOST_CONNECTIONS = 1_000;
const PATIENCE = { requestTimeout: 20_000, headersTimeout: 10_000, connectionsCheckingInterval: 5_000 };

/** @param what begins the sentence of a failure @throws Error with that sentence, when the place cannot be had */
export function listenForPages(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port }: ListenPlace,
  what: string,
): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port, serverOptions: PATIENCE }, (address: AddressInfo) =>
      resolve({ server, port: address.port }),
    );
    (server as Server).maxConnections = MOST_CONNECTIONS;
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(`${what}: ${listenCause(error)}.`)));
  });
}
