import { connect, createServer, type Socket } from 'node:net';

/** Stands between two programs, such as a platform and its database, and can be as bad as a network. */
export type Relay = {
  url: string;
  /** What came from the near side so far, as text. */
  heard(): string;
  /** Takes connections and hands nothing on, as a machine that hangs. Connections that are there fall silent. */
  hang(): void;
  /** Lets go of every connection and takes no more. */
  cut(): void;
  /** As if nothing had been: connections that hung are let go. */
  heal(): Promise<void>;
  stop(): void;
};

/** @param address of the far side, with its port */
export async function relayTo(address: string): Promise<Relay> {
  const real = new URL(address);
  const sockets = new Set<Socket>();
  let isHanging = false;
  const heard: Buffer[] = [];
  const server = createServer((near) => {
    const far = connect(Number(real.port), real.hostname);
    near.on('data', (bytes) => heard.push(bytes));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => !isHanging && to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        if (!isHanging) to.destroy();
      });
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as { port: number };
  const letGo = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: Object.assign(new URL(address), { hostname: '127.0.0.1', port: String(port) }).href,
    heard: () => Buffer.concat(heard).toString('latin1'),
    hang: () => {
      isHanging = true;
    },
    cut: () => {
      server.close();
      letGo();
    },
    heal: async () => {
      if (isHanging) letGo();
      isHanging = false;
      if (!server.listening) await listen(port);
    },
    stop: () => {
      server.close();
      letGo();
    },
  };
}
