import 'server-only';
import { openTransport } from '#lib/host/mail-transport.ts';
import type { MailSettings } from '../env.ts';
import { logFault } from '../log.ts';

export type Mail = { to: string; subject: string; text: string };

export type FindMail = () => Promise<Mail | null>;

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
  /** Who has asked for a sign-in link and was not looked up yet: addresses, by the ways of signing in that they are. */
  asked: Map<string, string>;
  /** Finds out after the answer which mail is to leave, if any, and sends it. @returns false, and does nothing, while as much waits as may */
  later(find: FindMail): boolean;
  /** The same for whoever was told that a mail is on its way: it always has room, since as many as may ask were counted before. */
  promised(find: FindMail): void;
  /** When nothing waits any more. */
  settled(): Promise<void>;
};

const MOST_WAITING = 512;
/** Each holds a connection to the database, of which there are ten for everybody, and anybody may ask for mails. */
const FOUND_AT_ONCE = 2;
const SENT_AT_ONCE = 64;
const MOST_KEPT = 20;

/** @param settings null without a mail server @param trial whether a box may take its place */
export function createPostOffice(settings: MailSettings | null, trial: boolean): PostOffice {
  const waiting: FindMail[] = [];
  let free = FOUND_AT_ONCE;
  const finding = new Set<Promise<void>>();
  const sending = new Set<Promise<void>>();
  const kept: Mail[] = [];
  const transport = settings && openTransport(settings);
  const send = async (mail: Mail): Promise<void> => {
    if (transport) await transport.sendMail(mail);
    else kept.splice(0, kept.length, mail, ...kept.slice(0, MOST_KEPT - 1));
  };
  const findAll = async (): Promise<void> => {
    free -= 1;
    for (let find = waiting.shift(); find; find = waiting.shift()) {
      const mail = await find().catch(tellFault);
      if (mail) hold(sending, send(mail).catch(tellFault));
      if (sending.size >= SENT_AT_ONCE) await Promise.race(sending);
    }
    free += 1;
  };
  const promised = (find: FindMail): void => {
    waiting.push(find);
    if (free > 0) hold(finding, findAll());
  };
  return {
    way: settings ? 'smtp' : trial ? 'mailbox' : 'none',
    send,
    asked: new Map(),
    mailbox: () => kept,
    later(find) {
      if (waiting.length >= MOST_WAITING) return false;
      promised(find);
      return true;
    },
    promised,
    async settled() {
      while (finding.size + sending.size > 0) await Promise.all([...finding, ...sending]);
    },
  };
}

function tellFault(error: unknown): null {
  logFault(error);
  return null;
}

/** Holds a promise, which never fails, in a set for as long as it lasts. */
function hold(set: Set<Promise<void>>, work: Promise<unknown>): void {
  const done: Promise<void> = work.then(() => void set.delete(done));
  set.add(done);
}
