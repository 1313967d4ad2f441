// What every answer of the web server carries, and which methods each address takes, whatever makes the answer: a page, a route, a
// file, a redirect or a fault.
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { parseAndValidateFlightRouterState } from 'next/dist/server/app-render/parse-and-validate-flight-router-state.js';
import { isEmbed } from '#app/s/[id]/embed/embed-policy.ts';

// A web worker obeys the policy of its own script's response and not the page's, which proxy.ts sets in place of the strict one here.
const STATIC_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'none'";
const STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

const ALWAYS: Record<string, string> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  // Browsers heed it over https only, so the trial on localhost is not affected.
  'Strict-Transport-Security': 'max-age=31536000',
};

/** The headers with which an answer begins, before anything is known of it. `pathname` as it was asked for, escapes and all. */
export function securityHeaders(pathname: string): Record<string, string> {
  const policy = pathname.startsWith('/_next/static/') ? STATIC_POLICY : STRICT_POLICY;
  // A page that asks the same of what it frames takes in only what is meant for other sites.
  const sharing = isEmbed(pathname) ? 'cross-origin' : 'same-origin';
  return { ...ALWAYS, 'Cross-Origin-Resource-Policy': sharing, 'Content-Security-Policy': policy };
}

/** The methods of an address, OPTIONS not among them: the web server answers that itself. */
export type FindMethods = (pathname: string) => readonly string[];

const READING = ['GET', 'HEAD'];
const EXPORTED = /^export (?:const|(?:async )?function) (GET|POST|PUT|PATCH|DELETE)\b/gm;

/** Reads from the routes' own files which methods each takes. Everything else is a page or a file and can only be read. */
export function readMethods(app: string): FindMethods {
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file) === 'route.ts');
  const routes = files.map((file) => ({ pattern: patternOf(path.dirname(file)), methods: methodsOf(path.join(app, file)) }));
  // Fixed segments go before names: `place/begin` is not a place that is called `begin`.
  routes.sort((a, b) => Number(a.pattern.source.includes(NAME)) - Number(b.pattern.source.includes(NAME)));
  return (pathname) => routes.find(({ pattern }) => pattern.test(pathname))?.methods ?? READING;
}

/** An id may be escaped, but has no letters beyond ASCII: with such, Next would keep what is sent along before a route sees it. */
const NAME = '(?:[^/%]|%[0-7][0-9A-Fa-f])+';

function patternOf(folder: string): RegExp {
  const segments = folder.split(path.sep).map((segment) => {
    if (segment.startsWith('[...')) return '.+';
    return segment.startsWith('[') ? NAME : segment.replace(/[^\w-]/g, '\\$&');
  });
  return new RegExp(`^/${segments.join('/')}/?$`);
}

function methodsOf(file: string): string[] {
  const named = [...readFileSync(file, 'utf8').matchAll(EXPORTED)].map(([, method]) => method as string);
  return named.flatMap((method) => (method === 'GET' ? READING : [method]));
}

/** More than any address of ours has, with what others add to a link: of parameters with one name, Next copies all before each. */
const MOST_PARAMETERS = 100;

/** What is asked for: a path with its query, and the host that an address with one names. RFC 9112 §3.2. */
type Target = { ok: true; path: string; host?: string } | { ok: false; status: 400 | 421; text: string };

const WITH_HOST = /^https?:\/\/([^/?#]*)(.*)$/is;

/**
 * Reads the target of a request: a path, or a whole address, as whoever takes this server for a proxy sends it. Its host counts then, and
 * not the header `Host`. @param isOurs of a host in lower case, with its port unless that is the usual one
 */
export function readTarget(target: string, isOurs: (host: string) => boolean): Target {
  const [, authority, rest = ''] = WITH_HOST.exec(target) ?? [];
  if (authority === undefined) return target.startsWith('/') ? { ok: true, path: target } : misread('An address must begin with / here.');
  if (authority.includes('@')) return misread('An address must not name a user here.');
  const place = `${target.slice(0, target.indexOf(':'))}://${authority}`;
  if (!URL.canParse(place)) return misread('This address cannot be read.');
  const { host } = new URL(place);
  if (!isOurs(host)) return { ok: false, status: 421, text: 'This address is of another host than this site. It is no proxy.' };
  return { ok: true, path: rest.startsWith('/') ? rest : `/${rest}`, host };
}

function misread(text: string): Target {
  return { ok: false, status: 400, text };
}

/** Whether hosts are this server's: those of its public addresses, and of this machine at the port where it listens. */
export function knowHosts(origins: readonly (string | undefined)[], addresses: readonly string[], port: number): (host: string) => boolean {
  const near = ['localhost', '127.0.0.1', '::1', ...addresses].map((one) => `http://${one.includes(':') ? `[${one}]` : one}:${port}`);
  const known = new Set([...origins, ...near].flatMap((one) => (one !== undefined && URL.canParse(one) ? [new URL(one).host] : [])));
  return (host) => known.has(host);
}

/** Why what is asked for is never handed on: Next would be busy with it for seconds. Null for all else. */
export function findTargetFault(target: string): string | null {
  const query = target.slice(target.indexOf('?') + 1);
  return query.split('&', MOST_PARAMETERS + 1).length > MOST_PARAMETERS ? 'This address has too many parameters.' : null;
}

/** Of parts of a file, and of a file as it was: a file goes out whole, as it is. */
const CONDITIONS = ['range', 'if-range', 'if-match', 'if-unmodified-since'];
const ROUTER_STATE = 'next-router-state-tree';

/** Takes away what Next would answer with a fault. The answer is then what everybody gets. */
export function dropUnusable(headers: IncomingHttpHeaders): void {
  for (const name of CONDITIONS) delete headers[name];
  try {
    parseAndValidateFlightRouterState(headers[ROUTER_STATE]);
  } catch {
    delete headers[ROUTER_STATE];
  }
}

const HEALTH = '/api/health';

/** Whether an answer is made of what the database holds: those of pages and routes are, files are not, nor is how the database is. */
export function needsDatabase(pathname: string): boolean {
  return pathname !== HEALTH && !/^\/(_next|artifacts|verifier)\/|\.[a-z0-9]{2,5}$/.test(pathname);
}
