import 'server-only';
import { openTransport } from '#lib/host/mail-transport.ts';
import type { MailSettings } from '../env.ts';
import { logFault } from '../log.ts';

export type Mail = { to: string; subject: string; text: string };

/** How mails leave: by a mail server, into a box that a page of a trial shows, or not at all. */
export type MailWay = 'smtp' | 'mailbox' | 'none';

/**
 * What sends mails. Whoever asks for one is answered before anything is looked up, so that neither the answer nor its time tells
 * whether there is an account; so what has to be done waits here, and failures go to the log, without any address.
 */
export type PostOffice = {
  way: MailWay;
  send(mail: Mail): Promise<void>;
  /** The newest mails of a trial, newest first. They are in memory only. */
  mailbox(): readonly Mail[];
  /** Does work after the answer. @returns false, and does nothing, while as much waits as may */
  later(work: () => Promise<void>): boolean;
  /** When nothing waits any more. */
  settled(): Promise<void>;
};

const MOST_WAITING = 64;
const MOST_KEPT = 20;

/** @param settings null without a mail server @param trial whether a box may take its place */
export function createPostOffice(settings: MailSettings | null, trial: boolean): PostOffice {
  const waiting = new Set<Promise<void>>();
  const kept: Mail[] = [];
  const transport = settings && openTransport(settings);
  return {
    way: settings ? 'smtp' : trial ? 'mailbox' : 'none',
    async send(mail) {
      if (transport) await transport.sendMail(mail);
      else kept.splice(0, kept.length, mail, ...kept.slice(0, MOST_KEPT - 1));
    },
    mailbox: () => kept,
    later(work) {
      if (waiting.size >= MOST_WAITING) return false;
      const done = work()
        .catch((error: unknown) => logFault(error))
        .finally(() => waiting.delete(done));
      waiting.add(done);
      return true;
    },
    settled: async () => void (await Promise.all(waiting)),
  };
}
