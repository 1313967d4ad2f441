import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as the server was given it. */
export type ReceivedMail = { to: string[]; from: string; raw: string; text: string };

export type MailServer = { url: string; mails: ReceivedMail[]; refuseAll(code: number): void; stop(): Promise<void> };

/** A real mail server on loopback, without encryption, that keeps what it is sent. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let refusal = 0;
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onRcptTo: (_address, _session, callback) => callback(refusal ? Object.assign(new Error('no'), { responseCode: refusal }) : null),
    onData(stream, { envelope }, callback) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const raw = Buffer.concat(pieces).toString('latin1');
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), from, raw, text: readText(raw) });
        callback();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuseAll: (code) => {
      refusal = code;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The text behind the header, with quoted-printable undone where it was used (RFC 2045 §6.7). */
function readText(raw: string): string {
  const [header = '', ...body] = raw.split('\r\n\r\n');
  const text = body.join('\n\n').replaceAll('\r\n', '\n');
  if (!/quoted-printable/i.test(header)) return text;
  return text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
