import type { Log } from '#lib/host/log.ts';
import { openTransport } from '#lib/host/mail-transport.ts';
import type { AgentSettings } from './settings.ts';

export type AgentLetter = { to: string; subject: string; text: string };

/**
 * Sends mails, after the answer: neither the answer nor its time tells whether one went out. What fails is told in the log without
 * an address.
 */
export type Mailer = {
  /** Begins to send; nothing is sent, and nothing said, while too many wait. */
  post(letter: AgentLetter): void;
  /** When nothing waits any more. */
  settled(): Promise<void>;
};

const MOST_WAITING = 256;

export function createMailer(smtp: AgentSettings['smtp'], log: Log): Mailer {
  const waiting = new Set<Promise<unknown>>();
  if (!smtp) return { post: () => {}, settled: async () => {} };
  const transport = openTransport(smtp);
  return {
    post(letter) {
      if (waiting.size >= MOST_WAITING)
        return log({ level: 'warning', code: 'MAIL_LEFT_OUT', text: 'too many mails wait, one was not sent' });
      const done: Promise<unknown> = transport
        .sendMail(letter)
        .catch((error: { code?: unknown }) => {
          const cause = typeof error.code === 'string' ? error.code : 'fault';
          log({ level: 'warning', code: 'MAIL_FAILED', text: `a mail could not be sent (${cause})` });
        })
        .finally(() => waiting.delete(done));
      waiting.add(done);
    },
    settled: async () => void (await Promise.all(waiting)),
  };
}
