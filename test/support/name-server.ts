import dns2 from 'dns2';

export type NameServer = { address: string; records: Map<string, string[]>; stop(): Promise<void> };

/** A real DNS server on loopback that knows TXT records and nothing else. A record longer than 100 characters goes out in parts. */
export async function startNameServer(): Promise<NameServer> {
  const records = new Map<string, string[]>();
  const { Packet } = dns2;
  const server = dns2.createServer({
    udp: true,
    handle: (request, send) => {
      const response = Packet.createResponseFromRequest(request);
      for (const { name } of request.questions)
        for (const text of records.get(name.toLowerCase()) ?? []) {
          const data = text.match(/.{1,100}/g) ?? [''];
          const answer: unknown = { name, type: Packet.TYPE.TXT, class: Packet.CLASS.IN, ttl: 60, data };
          response.answers.push(answer as (typeof response.answers)[number]);
        }
      if (response.answers.length === 0) response.header.rcode = Packet.RCODE.NXDOMAIN;
      send(response);
    },
  });
  const { udp } = await server.listen({ udp: { port: 0, address: '127.0.0.1' } });
  return { address: `127.0.0.1:${udp?.port}`, records, stop: () => server.close() };
}
