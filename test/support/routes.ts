import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { TestPlatform } from './platform.ts';

type Handler = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;
/** All that a route may export for Next to call, so that no method of one is passed over. */
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type RouteModule = Partial<Record<(typeof METHODS)[number], Handler>>;

export type Route = {
  /** As in the address, with [name] for what varies. */
  pattern: string;
  methods: string[];
  call(request: Request, params: Record<string, string | string[]>): Promise<Response>;
};

const ROOT = path.resolve(import.meta.dirname, '../..');

export const ORIGIN = 'https://platform.example';

/** Every route of the API, found on the disk, so that a new one is in every test that goes through all. */
export async function loadRoutes(): Promise<Route[]> {
  const files = ['app/api', 'app/artifacts'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => path.basename(file) === 'route.ts')
      .map((file) => path.join(folder, file)),
  );
  return Promise.all(files.sort().map(loadRoute));
}

async function loadRoute(file: string): Promise<Route> {
  const module = (await import(path.join(ROOT, file))) as RouteModule;
  const methods = METHODS.filter((method) => module[method]);
  return {
    pattern: path.dirname(file).replace(/^app/, ''),
    methods,
    call: (request, params) => {
      const handler = module[request.method as 'GET'];
      if (!handler) throw new Error(`${file} has no ${request.method}`);
      return handler(request, { params: Promise.resolve(params) });
    },
  };
}

/** Lets the routes work on a test's platform, as they would on the one of their own process. */
export function connectRoutes(platform: TestPlatform): void {
  Object.assign(process.env, {
    DATABASE_URL: platform.databaseUrl,
    SESSION_SECRET: 'a secret of the tests, of at least 32 characters',
    PLATFORM_KEY_FILE: '/nowhere/platform.key',
    PUBLIC_URL: ORIGIN,
  });
  (globalThis as { roundRobinContext?: unknown }).roundRobinContext = Promise.resolve(platform.ctx);
}

/** A `fetch` that hands requests to the routes without a network, and remembers the answers. */
export function fetchFrom(routes: readonly Route[], headers: Record<string, string> = {}) {
  const answers: Response[] = [];
  const fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input, ORIGIN);
    const { referrerPolicy: _, redirect: __, credentials: ___, ...rest } = init;
    const request = new Request(url, { ...rest, headers: { ...headers, ...(init.headers as Record<string, string>) } });
    for (const route of routes) {
      const params = matchPath(route.pattern, url.pathname);
      if (!params || !route.methods.includes(request.method)) continue;
      const response = await route.call(request, params);
      answers.push(response.clone());
      return response;
    }
    throw new Error(`no route for ${request.method} ${url.pathname}`);
  };
  return { fetch, answers };
}

function matchPath(pattern: string, address: string): Record<string, string | string[]> | null {
  const [expected, given] = [pattern.split('/'), address.split('/')];
  const rest = expected.at(-1)?.match(/^\[\.\.\.(\w+)\]$/)?.[1];
  if (rest ? given.length < expected.length : given.length !== expected.length) return null;
  const params: Record<string, string | string[]> = {};
  for (const [i, part] of expected.entries()) {
    const name = part.match(/^\[(\w+)\]$/)?.[1];
    if (rest && i === expected.length - 1) params[rest] = given.slice(i);
    else if (name) params[name] = decodeURIComponent(given[i] ?? '');
    else if (part !== given[i]) return null;
  }
  return params;
}
