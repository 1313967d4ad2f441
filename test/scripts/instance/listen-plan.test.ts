import { createServer, type Server } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { planListening, reachFromHere } from '#scripts/instance/listen-plan.ts';
import { judgeReach, readListenSettings } from '#scripts/instance/read-listen-settings.ts';

const taken: Server[] = [];
afterEach(() => {
  for (const server of taken.splice(0)) server.close();
});

/** Somebody else's program. */
async function take(address: string, port = 0): Promise<number> {
  const server = createServer();
  taken.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  return (server.address() as { port: number }).port;
}

const lan = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

describe('where the web server listens', () => {
  it('is both loopback addresses, because browsers take either for localhost', async () => {
    const plan = await planListening({ firstPort: 0 });
    expect(plan.addresses).toEqual(['127.0.0.1', '::1']);
    expect(plan.localUrl).toBe(`http://localhost:${plan.port}`);
    expect(reachFromHere(plan)).toBe(`http://127.0.0.1:${plan.port}`);
    expect(judgeReach(plan, undefined)).toEqual([]);
  });

  it.each(['127.0.0.1', '::1'])('refuses a port that was asked for and is taken on %s', async (address) => {
    const port = await take(address);
    await expect(planListening({ port, firstPort: 3000 })).rejects.toThrow(`Another program listens on port ${port} of ${address}`);
  });

  it.each(['6000', '5060', '6667', '10080'])('refuses a port that no browser opens: %s', (PORT) => {
    expect(() => readListenSettings({ PORT })).toThrow(/browsers.*another port/i);
  });

  it('passes over a port that no browser opens', async () => {
    const { port } = await planListening({ host: '127.0.0.1', firstPort: 6665 });
    expect(port).toBeGreaterThan(6669);
  });

  it.each(['127.0.0.1', '::1'])('goes on to the next port where none was asked for and one is taken on %s', async (address) => {
    const port = await take(address);
    expect((await planListening({ firstPort: port })).port).toBeGreaterThan(port);
  });

  it('is one loopback address where HOST names it, whatever listens on the other', async () => {
    const port = await take('::1');
    const plan = await planListening({ host: '127.0.0.1', port, firstPort: 3000 });
    expect([plan.addresses, plan.localUrl]).toEqual([['127.0.0.1'], `http://127.0.0.1:${port}`]);
    const six = await planListening({ host: '::1', firstPort: 0 });
    expect([six.addresses, six.localUrl, reachFromHere(six)]).toEqual([['::1'], `http://[::1]:${six.port}`, `http://[::1]:${six.port}`]);
  });

  it.each([
    ['0:0:0:0:0:0:0:1', ['::1'], '[::1]'],
    ['[0::1]', ['::1'], '[::1]'],
    ['::0', ['::'], 'localhost'],
    ['LocalHost', ['127.0.0.1', '::1'], 'localhost'],
  ])('is the same however HOST is spelt: %s', async (host, addresses, shown) => {
    const plan = await planListening({ host, firstPort: 0 });
    expect([plan.addresses, plan.localUrl]).toEqual([addresses, `http://${shown}:${plan.port}`]);
  });

  it.each(['0.0.0.0', '::', '[::]'])('is the whole machine for %s, and then plain http is explained', async (host) => {
    const plan = await planListening({ host, firstPort: 0 });
    expect(plan.addresses).toEqual([host.replace(/[[\]]/g, '')]);
    expect(plan.localUrl).toBe(`http://localhost:${plan.port}`);
    expect(reachFromHere(plan)).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):/);
    expect(judgeReach(plan, undefined).join()).toMatch(/plain http.*PUBLIC_URL/);
    expect(judgeReach(plan, 'https://sign.example').join()).toMatch(/without encryption.*https:\/\/sign\.example/);
  });

  it.runIf(lan)('is an address of the network only with an https address for it', async () => {
    const plan = await planListening({ host: lan, firstPort: 0 });
    expect(() => judgeReach(plan, undefined)).toThrow(/Nobody could use http:\/\/.*plain http/);
    expect(judgeReach(plan, 'https://sign.example')).toHaveLength(1);
    expect(reachFromHere(plan)).toBe(`http://${lan}:${plan.port}`);
  });

  it('is what a name of this machine stands for', async () => {
    const plan = await planListening({ host: hostname(), firstPort: 0 }).catch((error: Error) => error.message);
    // Not every machine knows its own name; that is told as such.
    expect(typeof plan === 'string' ? plan : plan.addresses.length).toSatisfy((one) => one > 0 || /has no address here/.test(String(one)));
  });

  it.each([
    ['192.0.2.7', /This machine does not have the address 192\.0\.2\.7/],
    ['no-such-name.invalid', /which has no address here/],
    ['fe80::1%eth9', /one network card alone/],
    ['http://localhost', /has no address here/],
  ])('is refused with the reason for %s', async (host, reason) => {
    await expect(planListening({ host, firstPort: 0 })).rejects.toThrow(reason);
  });
});

describe('PORT', () => {
  it.each(['abc', '-1', '70000', '3000.5', '0x10'])('is refused when it is %s', (PORT) => {
    expect(() => readListenSettings({ PORT })).toThrow(/PORT must be a number/);
  });

  it('is fixed when it was asked for, and when a public address stands for it', () => {
    expect(readListenSettings({ PORT: '4000' }).port).toBe(4000);
    expect(readListenSettings({ PUBLIC_URL: 'https://sign.example' }).port).toBe(3000);
    expect(readListenSettings({}).port).toBeUndefined();
  });
});
