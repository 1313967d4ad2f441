// node scripts/instance/web-process.ts start|dev PORT ADDRESS …
//
// The web server, a process of its own: Next makes the answers, and what must hold for every one of them is seen to here. Prints
// READY on its standard output once it answers. Settings: the variables of lib/server/env.ts.
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import path from 'node:path';
import next from 'next';
import { createProbe } from '#db/probe.ts';
import { watchAnswer } from '#lib/host/answer-outage.ts';
import { endOnBrokenPipe } from '#lib/host/broken-pipe.ts';
import { dropUnusable, findTargetFault, knowHosts, needsDatabase, readMethods, readTarget, securityHeaders } from './answer-rules.ts';
import { holdFailures } from './hold-failures.ts';
import { explainListenFailure, reachFromHere } from './listen-plan.ts';
import { root } from './runtime.ts';
import { createSendingRoom } from './sending-room.ts';
import { unavailableAnswer } from './unavailable-answer.ts';
import { READY } from './web-server.ts';

endOnBrokenPipe();
const [mode, portText, ...addresses] = process.argv.slice(2);
const dev = mode === 'dev';
const port = Number(portText);
/** How long what was sent along may go on coming after the answer. */
const REST_MS = 3_000;
const findMethods = readMethods(path.join(root, 'app'));
const isOurs = knowHosts([process.env.PUBLIC_URL, process.env.ONION_URL], addresses, port);
const probe = createProbe(process.env.DATABASE_URL ?? '');
const app = next({ dev, dir: root, port, hostname: addresses[0] ?? 'localhost' });
const sending = createSendingRoom({ mostBytes: 256 * 1024 * 1024, patienceMs: 60_000 });
setInterval(sending.tidy, 1_000).unref();
const prepared = Promise.withResolvers<ReturnType<typeof app.getRequestHandler>>();

// What Node refuses by itself has none of our headers, and Next leaves a connection that is to become another without an answer.
// An idle connection stays for longer than a client or the proxies of deploy/ keep theirs: a request that crosses its end is lost.
const options = { requireHostHeader: false, shouldUpgradeCallback: () => dev, keepAliveTimeout: 75_000 };
const servers = addresses.map(() => createServer(options, (request, response) => void answer(request, response)));
for (const server of servers) {
  server.on('clientError', refuseUnreadable);
  server.on('checkExpectation', refuseExpectation);
}
for (const [i, server] of servers.entries()) await listen(server, addresses[i] as string);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
try {
  await app.prepare();
} catch (error) {
  console.error(error);
  process.exit(1);
}
// In development, pages hear of changes over a socket.
if (dev) for (const server of servers) server.on('upgrade', (request, socket, head) => void app.getUpgradeHandler()(request, socket, head));
prepared.resolve(app.getRequestHandler());
await askMyself(); // Next starts up what instrumentation.ts names with the first request
console.log(READY);

async function listen(server: Server, address: string): Promise<void> {
  server.listen(port, address);
  try {
    await once(server, 'listening');
  } catch (error) {
    console.error(explainListenFailure((error as NodeJS.ErrnoException).code, address, port));
    process.exit(1);
  }
}

async function askMyself(): Promise<void> {
  const address = reachFromHere({ addresses, port });
  const [response] = (await once(get(address, { agent: false }), 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = readTarget(request.url ?? '/', isOurs);
  if (target.ok) request.url = target.path;
  if (target.ok && target.host !== undefined) request.headers.host = target.host;
  const pathname = (target.ok ? target.path : '/').split('?', 1)[0] as string;
  response.setMaxListeners(30); // Next hears of the end of some answers from more than ten places, and Node would take that for a leak
  for (const [name, value] of Object.entries(securityHeaders(pathname))) response.setHeader(name, value);
  sending.enter(response);
  response.once('finish', () => throwAwayRest(request));
  keepWhole(response);
  dropUnusable(request.headers);
  const isAboutAll = request.url === '*' && request.method === 'OPTIONS';
  if (!target.ok && !isAboutAll) return end(response, target.status, target.text);
  if (!isTaken(request, response, pathname) || !target.ok) return;
  if (request.headers.host === undefined && request.httpVersion !== '1.0') return end(response, 400, 'A request must name its host.');
  const fault = findTargetFault(target.path);
  if (fault !== null) return end(response, 400, fault);
  try {
    const handle = await prepared.promise;
    // Neither a page nor a route is begun that could not be ended: a page that fails half-way cannot say so by its status.
    if (needsDatabase(pathname) && !(await probe.isAlive())) return refuseForNow(request, response, pathname);
    await watchAnswer((hasOutage) => {
      if (needsDatabase(pathname)) holdFailures(response, () => blameDatabase(request, response, pathname, hasOutage()));
      return handle(request, response);
    });
  } catch {
    // Next has told what it was. The answer may have begun, and then can only break off.
    if (response.headersSent) response.destroy();
    else end(response, 500, 'Something went wrong on the platform.');
  }
}

/**
 * Reads what was sent along and nobody wants any more, once the answer is out. Next stops where a route has stopped reading: the next
 * request on the connection, which behind a proxy is somebody else's, would wait behind the rest for ever. A rest that does not come
 * keeps no connection.
 */
function throwAwayRest(request: IncomingMessage): void {
  if (request.complete) return;
  setTimeout(() => request.complete || request.socket.destroy(), REST_MS).unref();
  request.unpipe().removeAllListeners('data').removeAllListeners('readable').resume();
}

/** Redirects and some refusals are made by Next with a caching of its own, or none: nothing on the way may change those either. */
function keepWhole(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (...head: unknown[]) => {
    const caching = String(response.getHeader('Cache-Control') ?? 'no-store');
    if (!caching.includes('no-transform')) response.setHeader('Cache-Control', `${caching}, no-transform`);
    return writeHead(...head);
  };
}

/** Whether an address takes a method; otherwise the request is answered. */
function isTaken({ method = '' }: IncomingMessage, response: ServerResponse, pathname: string): boolean {
  if (dev && pathname.startsWith('/__nextjs')) return true;
  const methods = findMethods(pathname);
  if (methods.includes(method)) return true;
  response.setHeader('Allow', [...methods, 'OPTIONS'].join(', '));
  if (method === 'OPTIONS') end(response, 204);
  else end(response, 405, `This address takes ${methods.join(', ')} only.`);
  return false;
}

/**
 * A page that failed of the database, says so as all others do: also where the database is alive for the probe, but too slow for what
 * the page asked, or full. @returns whether it did
 */
async function blameDatabase(request: IncomingMessage, response: ServerResponse, pathname: string, hasOutage: boolean): Promise<boolean> {
  if (!hasOutage && (await probe.isAlive(true))) return false;
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, value] of Object.entries(securityHeaders(pathname))) response.setHeader(name, value);
  refuseForNow(request, response, pathname);
  return true;
}

function refuseForNow({ method }: IncomingMessage, response: ServerResponse, pathname: string): void {
  const { headers, body } = unavailableAnswer(pathname);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(503).end(method === 'HEAD' ? undefined : body);
}

/** What was sent along is not read: the connection ends with the answer. */
function end(response: ServerResponse, status: number, text?: string): void {
  response.setHeader('Cache-Control', 'no-store, no-transform');
  response.setHeader('Connection', 'close');
  if (text !== undefined) response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.writeHead(status).end(text);
}

/** For a condition that nobody here knows how to meet. */
function refuseExpectation({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders(url))) response.setHeader(name, value);
  end(response, 417, 'This platform expects nothing but 100-continue.');
}

/** For what is not HTTP. Nothing of it is told or logged. */
function refuseUnreadable(_: Error, socket: Socket | import('node:stream').Duplex): void {
  if (!socket.writable) return void socket.destroy();
  const always = { ...securityHeaders('/'), 'Cache-Control': 'no-store, no-transform' };
  const headers = Object.entries(always).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${headers.join('')}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Lets requests end that are being answered; who started this process sees to it that they do not take for ever. */
async function stop(): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      return closed;
    }),
  );
  await Promise.all([app.close(), probe.close()]);
  process.exit(0);
}
