import type { ServerResponse } from 'node:http';

/**
 * Holds back an answer with status 500 before any of it has left, until it is known whether something passing is the cause. All
 * other answers go their way untouched, as they are made.
 * @param replace asked when such an answer is whole; returns whether it has answered itself, else what was held goes out
 */
export function holdFailures(response: ServerResponse, replace: () => Promise<boolean>): void {
  const { writeHead, write, end, flushHeaders } = response;
  const held: Buffer[] = [];
  const isHeld = () => response.statusCode === 500 && !response.headersSent;
  const letGo = () => Object.assign(response, { writeHead, write, end, flushHeaders });
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) held.push(Buffer.from(chunk as string));
  };

  // Next compresses answers, and calls this before the first byte of one.
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    response.statusCode = status;
    return isHeld() ? response : writeHead.apply(response, [status, ...rest] as Parameters<typeof writeHead>);
  }) as typeof writeHead;
  response.flushHeaders = () => {
    if (!isHeld()) flushHeaders.call(response);
  };
  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    if (!isHeld()) return write.apply(response, [chunk, ...rest] as Parameters<typeof write>);
    keep(chunk);
    const done = rest.findLast((one) => typeof one === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  }) as typeof write;
  response.end = ((...given: unknown[]) => {
    letGo();
    if (!isHeld()) return end.apply(response, given as Parameters<typeof end>);
    keep(given[0]);
    void replace().then((isReplaced) => {
      if (!isReplaced) response.end(Buffer.concat(held));
    });
    return response;
  }) as typeof end;
}
