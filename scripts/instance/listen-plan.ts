import { lookup } from 'node:dns/promises';
import { createServer, isIP } from 'node:net';

/** What an operator says about where the web server listens. */
export type ListenWish = {
  /** A name or an address; this machine alone if absent. */
  host?: string | undefined;
  /** The port that is taken, or refused when it is not free; 0 for any. Without it, the first free one from `firstPort` upwards. */
  port?: number | undefined;
  firstPort: number;
};

export type ListenPlan = {
  /** All of them are bound, on one port. */
  addresses: string[];
  port: number;
  /** The address that opens the platform on this machine. */
  localUrl: string;
  /** Whether other machines can reach the port. */
  isOpenToOthers: boolean;
};

const LOOPBACK = ['127.0.0.1', '::1'];
/** Each stands for every address of the machine. */
const ANY = ['0.0.0.0', '::'];
const LAST_PORT = 65_535;
/** Ports to which browsers and `fetch` do not speak HTTP, from those of other protocols up. Fetch standard, "bad port". */
const BAD_PORTS = new Set([
  ...[1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113],
  ...[115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556],
  ...[563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667],
  ...[6668, 6669, 6679, 6697, 10080],
]);

/** Whether a page on this port can be opened at all. 0, which stands for any, becomes one that can. */
export function isOpenedByBrowsers(port: number): boolean {
  return !BAD_PORTS.has(port);
}

/**
 * Decides what will be bound. Nothing is bound when this returns, so somebody may still come first: the web process then says so.
 * @throws Error with a sentence that says which address or port cannot be had, and why
 */
export async function planListening({ host, port, firstPort }: ListenWish): Promise<ListenPlan> {
  const name = (host || 'localhost').toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const wanted = name === 'localhost' ? LOOPBACK : await findAddresses(name);
  const found = port === undefined ? await findPort(wanted, firstPort) : await requirePort(wanted, port);
  const isEverywhere = wanted.some((one) => ANY.includes(one));
  const shown = name === 'localhost' || isEverywhere ? 'localhost' : nameInUrl(wanted[0] as string);
  return {
    addresses: found.bound,
    port: found.port,
    localUrl: `http://${shown}:${found.port}`,
    isOpenToOthers: !wanted.every(isLoopback),
  };
}

/** The address under which a program on this machine reaches what listens. */
export function reachFromHere({ addresses, port }: Pick<ListenPlan, 'addresses' | 'port'>): string {
  const first = addresses[0] as string;
  const near = ANY.includes(first) ? (first === '::' ? '::1' : '127.0.0.1') : first;
  return `http://${nameInUrl(near)}:${port}`;
}

/** Why an address could not be bound, for the operator. */
export function explainListenFailure(code: string | undefined, address: string, port: number): string {
  const place = `port ${port} of ${address}`;
  if (code === 'EADDRINUSE') {
    const why = address === '::1' || address === '127.0.0.1' ? '; browsers may take either loopback address for localhost' : '';
    return `Another program listens on ${place}${why}. Stop that one, or choose another port with PORT.`;
  }
  if (code === 'EACCES') return `This user may not listen on ${place}. Choose a port above 1023 with PORT, and a proxy in front of it.`;
  if (code === 'EADDRNOTAVAIL')
    return `This machine does not have the address ${address}. HOST must be one of its own, or 0.0.0.0 for all.`;
  return `It is not possible to listen on ${place} (${code ?? 'no reason given'}).`;
}

type Bound = { port: number; bound: string[] };

/** The first port from here upwards that is free on every address. */
async function findPort(addresses: readonly string[], from: number): Promise<Bound> {
  if (from === 0) return findAnyPort(addresses);
  for (let port = from; port <= LAST_PORT; port++) {
    if (!isOpenedByBrowsers(port)) continue;
    const result = await tryPort(addresses, port);
    if (!('code' in result)) return result;
    if (result.code !== 'EADDRINUSE' && result.code !== 'EACCES') throw new Error(explainListenFailure(result.code, result.address, port));
  }
  throw new Error(`No port is free from ${from} upwards.`);
}

async function requirePort(addresses: readonly string[], port: number): Promise<Bound> {
  if (port === 0) return findAnyPort(addresses);
  const result = await tryPort(addresses, port);
  if ('code' in result) throw new Error(explainListenFailure(result.code, result.address, port));
  return result;
}

const TRIES = 20;

async function findAnyPort(addresses: readonly string[]): Promise<Bound> {
  for (let i = 0; i < TRIES; i++) {
    const first = await bindOnce(addresses[0] as string, 0);
    if ('code' in first) throw new Error(explainListenFailure(first.code, addresses[0] as string, 0));
    const result = await tryPort(addresses, first.port);
    if (!('code' in result) && isOpenedByBrowsers(first.port)) return result;
  }
  throw new Error('No port is free on all addresses.');
}

/** One of the two loopback addresses may be missing, where IPv6 is switched off. */
async function tryPort(addresses: readonly string[], port: number): Promise<Bound | { address: string; code: string | undefined }> {
  const bound: string[] = [];
  for (const address of addresses) {
    const result = await bindOnce(address, port);
    if (!('code' in result)) bound.push(address);
    else if (addresses !== LOOPBACK || !isMissing(result.code)) return { address, code: result.code };
  }
  return bound.length > 0 ? { port, bound } : { address: addresses[0] as string, code: 'EADDRNOTAVAIL' };
}

const isMissing = (code: string | undefined) => code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';

function bindOnce(address: string, port: number): Promise<{ port: number } | { code: string | undefined }> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve({ code }));
    probe.listen(port, address, () => {
      const bound = probe.address() as { port: number };
      probe.close(() => resolve({ port: bound.port }));
    });
  });
}

async function findAddresses(name: string): Promise<string[]> {
  if (name.includes('%')) throw new Error(`HOST is ${name}: no browser opens an address of one network card alone. Name another.`);
  if (isIP(name) === 6) return [new URL(`http://[${name}]`).hostname.slice(1, -1)]; // ::0 and 0:0:0:0:0:0:0:1 have one spelling
  if (isIP(name) === 4) return [name];
  const found = await lookup(name, { all: true, verbatim: true }).catch(() => []);
  if (found.length === 0) throw new Error(`HOST names "${name}", which has no address here. Name one of this machine's own addresses.`);
  return [...new Set(found.map(({ address }) => address))];
}

/** 127.0.0.0/8 and ::1. */
function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(address);
}

function nameInUrl(name: string): string {
  return isIP(name) === 6 ? `[${name}]` : name;
}
