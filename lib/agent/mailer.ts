import type { Log } from '#lib/host/log.ts';
import { openTransport } from '#lib/host/mail-transport.ts';
import type { AgentSettings } from './settings.ts';

export type AgentLetter = {
  to: string;
  subject: string;
  text: string;
  /** When what it says is over, in Unix seconds: from then on it is not sent. */
  until?: number;
};

/**
 * Sends mails, after the answer: neither the answer nor its time tells whether one went out. What fails is told in the log without
 * an address.
 */
export type Mailer = {
  /** Whether another letter would be sent: asked before anybody is told that one is on its way. */
  hasRoom(): boolean;
  /** Sends a letter when its turn comes. One for which there is no room is left out. */
  post(letter: AgentLetter): void;
  /** When nothing waits any more. */
  settled(): Promise<void>;
  /** Sends nothing more but what is on its way. */
  close(): Promise<void>;
};

/** Connections to the mail server. */
const MOST_AT_ONCE = 16;
/** Far more than strangers can fill with the addresses that they know, so that whether there is room tells nothing of one address. */
const MOST_WAITING = 10_000;

/** @param now Unix seconds */
export function createMailer(smtp: AgentSettings['smtp'], now: () => number, log: Log): Mailer {
  if (!smtp) return { hasRoom: () => true, post: () => {}, settled: async () => {}, close: async () => {} };
  const transport = openTransport(smtp);
  const line: AgentLetter[] = [];
  const senders = new Set<Promise<void>>();
  const hasRoom = () => line.length < MOST_WAITING;
  const settled = async () => void (await Promise.all(senders));
  const tellLeftOut = (what: string) => log({ level: 'warning', code: 'MAIL_LEFT_OUT', text: what });
  const send = (letter: Omit<AgentLetter, 'until'>) =>
    transport.sendMail(letter).catch((error: { code?: unknown }) => {
      const cause = typeof error.code === 'string' ? error.code : 'fault';
      log({ level: 'warning', code: 'MAIL_FAILED', text: `a mail could not be sent (${cause})` });
    });
  const sendAll = async () => {
    for (let next = line.shift(); next; next = line.shift()) {
      const { until = Number.POSITIVE_INFINITY, ...letter } = next;
      if (now() < until) await send(letter);
      else tellLeftOut('a mail waited so long for the mail server that its code was over, and was not sent');
    }
  };
  return {
    hasRoom,
    settled,
    post(letter) {
      if (!hasRoom()) return tellLeftOut('too many mails wait, one was not sent');
      line.push(letter);
      if (senders.size >= MOST_AT_ONCE) return;
      const sender = sendAll().finally(() => senders.delete(sender));
      senders.add(sender);
    },
    async close() {
      const left = line.splice(0).length;
      if (left > 0) tellLeftOut(`${left} mails were still waiting and were not sent`);
      await settled();
    },
  };
}
