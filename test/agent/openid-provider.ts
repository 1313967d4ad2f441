import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** What the provider's administrator set for an account, by its `sub`. */
export type Accounts = Record<string, Record<string, unknown>>;

export type OpenIdProvider = {
  issuer: string;
  /** Every request that reached it: method and address, as a log of its administrator would have them. */
  noticed: string[];
  /** Signs somebody in, as a browser does with the forms of the provider. @returns the address to which it is sent back */
  signIn(url: string, sub: string): Promise<string>;
  stop(): Promise<void>;
};

/** A real OpenID provider on loopback, with one client and PKCE required. */
export async function startOpenIdProvider(
  accounts: Accounts,
  client: { id: string; secret: string; redirectUri: string },
): Promise<OpenIdProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const noticed: string[] = [];
  const names = [...new Set(Object.values(accounts).flatMap((claims) => Object.keys(claims)))];
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [client.redirectUri] }],
    claims: { openid: ['sub', ...names] },
    conformIdTokenClaims: false,
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    findAccount: (_ctx: unknown, sub: string) =>
      accounts[sub] ? { accountId: sub, claims: async () => ({ sub, ...accounts[sub] }) } : undefined,
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    noticed.push(`${request.method} ${request.url}`);
    void handle(request, response);
  });
  return { issuer, noticed, signIn: (url, sub) => signIn(issuer, url, sub), stop: () => close(server) };
}

/** Follows the provider's own pages: a form to sign in, and one to agree. */
async function signIn(issuer: string, url: string, sub: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  let form: URLSearchParams | null = null;
  for (let step = 0; step < 12; step++) {
    const headers = { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const answer: Response = await fetch(next, { redirect: 'manual', headers, ...(form ? { method: 'POST', body: form } : {}) });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    form = null;
    const location = answer.headers.get('Location');
    if (location) {
      next = new URL(location, next).href;
      if (!next.startsWith(issuer)) return next;
      continue;
    }
    const page = await answer.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!prompt) throw new Error(`the provider showed something else (${answer.status})`);
    form = new URLSearchParams(prompt === 'login' ? { prompt, login: sub, password: 'any' } : { prompt });
  }
  throw new Error('the provider sends in circles');
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
