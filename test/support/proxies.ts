import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ProxyExample, type RunningProxy, startProxy } from '#scripts/proxy/proxies.ts';

/** The name that stands in the examples of deploy/. */
const NAME = 'sign.example';
/** An address of this machine from which nobody else comes here. */
export const VISITOR = '127.0.0.77';

type ProxyAnswer = { status: number; headers: IncomingHttpHeaders; body: string };

/** A proxy and a visitor of it. */
export type VisitedProxy = Pick<RunningProxy, 'written' | 'stop'> & {
  /** A request of the visitor that is begun: who has it ends it. */
  begin(path: string, options?: RequestOptions): ReturnType<typeof request>;
  ask(path: string, options?: RequestOptions): Promise<ProxyAnswer>;
};

/** @param origin of the platform behind it */
export async function visitProxy(example: ProxyExample, origin: string): Promise<VisitedProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), 'proxy-'));
  const proxy = await startProxy(example, { origin, folder });
  const begin = (target: string, { headers, ...options }: RequestOptions = {}) =>
    request({
      ...{
        host: '127.0.0.1',
        port: proxy.port,
        localAddress: VISITOR,
        servername: NAME,
        ca: readFileSync(proxy.authority),
        agent: false,
        path: target,
      },
      ...options,
      headers: { Host: NAME, ...headers },
    });
  const stop = async () => {
    await proxy.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { begin, ask: (target, options) => readAnswer(begin(target, options).end()), written: proxy.written, stop };
}

/** The answer to a request that has been sent, or may never be. */
export function readAnswer(sent: ReturnType<typeof request>): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', async (response: IncomingMessage) => {
      const body = Buffer.concat(await response.toArray().catch(() => [])).toString('latin1');
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
  });
}
