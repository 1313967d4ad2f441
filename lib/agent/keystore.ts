// The folder that makes an issuer's agent: the issuer's keystore, as a browser keeps it, and the ledger beside it
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Disk } from '#lib/host/disk.ts';
import { requirePrivateFolder } from '#lib/host/private-places.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { createIssuer, groupIdsOf, type Issuer, parseIssuer } from '#lib/issuing/issuer-file.ts';
import type { IssuerStore } from '#lib/issuing/run-group.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { dropLostRows } from './admission.ts';
import { type Agency, EMPTY_LEDGER, keepRowsOf, ledgerShape } from './ledger.ts';

const ISSUER_FILE = 'issuer.json';
const LEDGER_FILE = 'ledger.json';

/** Keystore and ledger of a running agent. Changes happen one after the other, and each is on the disk when `change` resolves. */
export type AgencyStore = {
  /** As it stands on the disk. */
  now(): Agency;
  /** @throws whatever `work` throws; nothing has changed then */
  change<T>(work: (agency: Agency) => Promise<{ agency: Agency; result: T }> | { agency: Agency; result: T }): Promise<T>;
  /** The same for work that has no other result. */
  update(work: (agency: Agency) => Agency): Promise<void>;
  /** The same for what the issuer's library does. */
  issuerStore: IssuerStore;
};

/** Makes the keystore, or takes the one that a browser exported; an existing one is left as it is. @throws Error when it is damaged */
export async function createAgentKeystore(disk: Disk, random: Random, exported?: Issuer): Promise<Issuer> {
  const existing = await readIssuer(disk);
  if (existing) return existing;
  const issuer = exported ?? createIssuer(random);
  await writeIssuer(disk, issuer);
  requirePrivateFolder(disk.folder);
  return issuer;
}

/** The issuer of a keystore. @throws Error when there is no keystore, it is damaged, or the folder is open to others */
export async function readAgentKeystore(disk: Disk): Promise<Issuer> {
  const issuer = await readIssuer(disk);
  if (!issuer) throw new Error(`There is no keystore in ${disk.folder}. Make one: npm run issuer -- init --keystore ${disk.folder}`);
  requirePrivateFolder(disk.folder);
  return issuer;
}

/** @throws Error as `readAgentKeystore` */
export async function openAgentKeystore(disk: Disk): Promise<AgencyStore> {
  const issuer = await readAgentKeystore(disk);
  const ledger = (await readStored(disk, LEDGER_FILE, ledgerShape)) ?? EMPTY_LEDGER;
  let agency = groupIdsOf(issuer).reduce(dropLostRows, { issuer, ledger });
  let turn: Promise<unknown> = Promise.resolve();
  const change: AgencyStore['change'] = (work) => {
    const done = turn.then(async () => {
      const { agency: next, result } = await work(agency);
      // The ledger first: it may name secrets that the keystore lacks, which are then forgotten; the other way round one would be lost.
      // Where both change, it keeps the rows of before as well: after a crash between the two each person has the row of one of them.
      const isBoth = next.ledger !== agency.ledger && next.issuer !== agency.issuer;
      const ledger = isBoth ? keepRowsOf(agency.ledger, next.ledger) : next.ledger;
      if (next.ledger !== agency.ledger) await writeStored(disk, LEDGER_FILE, ledger, ledgerShape);
      if (next.issuer !== agency.issuer) await writeIssuer(disk, next.issuer);
      agency = next;
      return result;
    });
    turn = done.catch(() => {});
    return done;
  };
  const update: AgencyStore['update'] = (work) => change((current) => ({ agency: work(current), result: undefined }));
  const updateIssuer: IssuerStore['update'] = (work) =>
    change(async (current) => {
      const changed = await work(current.issuer);
      return { agency: { ...current, issuer: changed }, result: changed };
    });
  return { now: () => agency, change, update, issuerStore: { update: updateIssuer } };
}

async function readIssuer(disk: Disk): Promise<Issuer | null> {
  const text = await disk.read(ISSUER_FILE);
  if (text === null) return null;
  const read = parseIssuer(text);
  if (!read.ok) throw new Error(`The keystore file ${ISSUER_FILE} is damaged, or a newer version of this program has written it.`);
  return read.value;
}

async function writeIssuer(disk: Disk, issuer: Issuer): Promise<void> {
  const text = `${canonicalJson(issuer as unknown as Json)}\n`;
  if (!parseIssuer(text).ok) throw new Error('The keystore was not changed: what was to be written could not be read back.');
  await disk.write(ISSUER_FILE, text);
}

/**
 * By what the ledger knows somebody again: HMAC-SHA-256 of a text such as an address, or issuer and subject of a sign-in, under a key
 * that follows from the issuer's seed. Who has the ledger without the keystore cannot test guesses.
 */
export function markOf({ seed }: Issuer, kind: 'address' | 'subject', text: string): Hex32 {
  const key = Buffer.from(hkdfSync('sha256', hexToBytes(seed), new Uint8Array(), `round-robin/issuer-agent/${kind}`, 32));
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Randomness of this machine. */
export function drawBytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}
