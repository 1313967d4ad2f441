import type { Api } from '#lib/api/client.ts';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import type { Log } from '#lib/host/log.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { AgencyStore } from './keystore.ts';

/** What the rounds of an agent need. `platform`: its anonymous routes. */
export type RoundTools = {
  store: AgencyStore;
  api: IssuerApi;
  platform: Pick<Api, 'getGroup' | 'getLeaves'>;
  now(): number;
  random: Random;
  log: Log;
  /** Groups of which this folder is an older copy: nobody is given anything of theirs, and no roll comes out, before `continue`. */
  older: Set<Hex32>;
};
