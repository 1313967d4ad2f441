import 'server-only';
import { Resolver } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { domainPlaces } from '#lib/api/issuer-profile.ts';
import { lookUpPublic } from './public-address.ts';

/** How the platform looks at a domain that somebody has named. Both give no text for whatever does not answer. */
export type DomainPorts = {
  /** The TXT records of the domain's name for proofs, the parts of each joined. */
  readRecords(domain: string): Promise<string[]>;
  /** The lines of the file for proofs on its web server. */
  readFile(domain: string): Promise<string[]>;
};

/** Where to look, other than at the system's resolver and at public web servers over https. */
export type DomainPlaces = { nameServer?: string; web?: { port: number; lookup: LookupFunction } };

const PATIENCE_MS = 5_000;
const MOST_BYTES = 4_096;
const MOST_RECORDS = 32;

/** Looks with bounded patience, at public addresses only, and follows no redirect. */
export function createDomainPorts({ nameServer, web }: DomainPlaces = {}): DomainPorts {
  const resolver = new Resolver({ timeout: PATIENCE_MS, tries: 2 });
  if (nameServer) resolver.setServers([nameServer]);
  return {
    readRecords: async (domain) => {
      const records = await resolver.resolveTxt(domainPlaces(domain).record).catch((): string[][] => []);
      return records.slice(0, MOST_RECORDS).map((parts) => parts.join(''));
    },
    readFile: async (domain) => (await readPage(new URL(domainPlaces(domain).file), web).catch(() => '')).split(/\r?\n/),
  };
}

function readPage(url: URL, web: DomainPlaces['web']): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { get } = web ? http : https;
  const address = { hostname: url.hostname, path: url.pathname, headers: { Host: url.hostname }, agent: false };
  const how = web ?? { port: 443, lookup: lookUpPublic };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const asked = get({ ...address, ...how, signal }, (response) => {
    const pieces: Buffer[] = [];
    let length = 0;
    if (response.statusCode !== 200) return void asked.destroy(new Error('no such file'));
    response.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length > MOST_BYTES) asked.destroy(new Error('too long'));
      else pieces.push(piece);
    });
    response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
    response.on('error', reject);
  });
  asked.on('error', reject);
  return promise;
}
