// What every part of a trustee works with
import type { Api } from '#lib/api/client.ts';
import type { ClockWatch } from '#lib/host/clock-watch.ts';
import type { Disk } from '#lib/host/disk.ts';
import type { Log } from '#lib/host/log.ts';
import type { FetchFile } from '#lib/proof/artifacts.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { JoinConsent } from './consent.ts';
import type { OwnIdentity } from './keystore.ts';
import type { LongWork } from './long-work.ts';
import type { Policy } from './policy.ts';

export type TrusteeContext = {
  disk: Disk;
  identity: OwnIdentity;
  api: Api;
  /** Unix seconds by the trustee's own clock. */
  now: () => number;
  /** Seconds by a clock that nobody sets. */
  monotonic: () => number;
  random: Random;
  /** The trustee's own list of proving keys and the files it describes. */
  manifest: Manifest;
  artifacts: FetchFile;
  /** Seconds of grace that a statement must have beyond what its mixing takes. SPEC §5.3. */
  graceMargin: number;
  policy: Policy;
  consent: JoinConsent;
  /** Asked before anything that cannot be taken back. */
  clock: ClockWatch;
  /** One entry an event: ids, numbers and codes, never what people wrote or who they are. */
  log: Log;
  /** What takes long is done off the main thread. */
  work: LongWork;
  /** Lets timers and answers have their turn, and waits for an erasing that has begun. @throws when the trustee is to stop */
  pause: () => Promise<void>;
};

export function logAbout({ log }: Pick<TrusteeContext, 'log'>, statement: Hex32, code: string, text: string): void {
  log({ code, statement, text });
}

/** Of what should not happen, and somebody should look at. */
export function warnAbout({ log }: Pick<TrusteeContext, 'log'>, statement: Hex32, code: string, text: string): void {
  log({ level: 'warning', code, statement, text });
}
