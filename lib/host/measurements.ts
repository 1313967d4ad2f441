import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { listenCause } from './listen-cause.ts';

export type ListenPlace = { host: string; port: number };

export type MeasurementServer = { port: number; stop(): Promise<void> };

type Options = {
  place: ListenPlace;
  /** Milliseconds since 1970. */
  now?: () => number;
  onFault(error: unknown): void;
  /** Whether the process can do its work, for /health. Without it there is no such address. */
  isReady?: () => boolean;
};

const MINUTE_MS = 60_000;

/**
 * Gives what a process has counted to whoever watches over it, as Prometheus reads it, at /metrics on a port of its own, and at /health
 * whether it is well, as the web process says it at /api/health. It is counted
 * once a minute, however often it is read: who could read it before and after each signature would know their seconds.
 * @throws Error with a sentence when the place cannot be had
 */
export async function serveMeasurements(registry: Pick<Registry, 'metrics' | 'contentType'>, options: Options): Promise<MeasurementServer> {
  const { place, now = Date.now, onFault, isReady } = options;
  let last: { minute: number; text: Promise<string> } | undefined;
  const count = (): Promise<string> => {
    const minute = Math.floor(now() / MINUTE_MS);
    if (last?.minute === minute) return last.text;
    const counting = { minute, text: registry.metrics() };
    counting.text.catch(() => {
      if (last === counting) last = undefined; // what failed is tried again, not kept for a minute
    });
    last = counting;
    return counting.text;
  };
  const server = createServer((request, response) => {
    const asked = request.method === 'GET' ? request.url : undefined;
    if (asked === '/health' && isReady) return answerHealth(response, isReady());
    if (asked !== '/metrics') return void response.writeHead(404).end();
    count().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).end(text),
      (error: unknown) => {
        onFault(error);
        response.writeHead(503).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`What is counted cannot be shown on port ${place.port} of ${place.host}: ${listenCause(error)}.`)),
    );
    server.listen(place.port, place.host, resolve);
  });
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answerHealth(response: ServerResponse, ready: boolean): void {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(ready ? 200 : 503, headers).end(JSON.stringify({ live: true, ready }));
}

/** Reads PORT, HOST:PORT or [ADDRESS]:PORT; the host is this machine alone where none is given. Null for anything else. */
export function readListenPlace(text: string): ListenPlace | null {
  const found = /^(?:(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9.-]+):)?([1-9]\d{0,4})$/.exec(text);
  if (!found || Number(found[2]) > 65_535) return null;
  return { host: (found[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port: Number(found[2]) };
}
