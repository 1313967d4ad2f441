import { Socket } from 'node:net';

/** Longer than the server lets a statement take (see client.ts), so that only one that hangs is silent for so long. */
const SILENCE_MS = 40_000;

export type SocketPlace = { host: string[]; port: number[]; path: string | false };

/**
 * A connection on its way, for the driver's option `socket`. It fails when nothing is heard for too long, where the driver would wait
 * for ever, and when it is closed before a word was said, where the driver would try again without a pause and without an end.
 * @param silenceMs 0 for as long as it takes
 */
export function openSocket({ host, port, path }: SocketPlace, silenceMs: number = SILENCE_MS): Socket {
  const socket = new Socket();
  const failWith = (code: string) => socket.destroy(Object.assign(new Error(code), { code }));
  socket.setTimeout(silenceMs, () => failWith('ETIMEDOUT'));
  socket.once('end', () => socket.bytesRead === 0 && failWith('CONNECTION_CLOSED'));
  if (path) return socket.connect(path);
  const [first = 'localhost'] = host;
  return Object.assign(socket.connect(port[0] as number, first), { host: first }); // the driver checks a certificate against it
}
