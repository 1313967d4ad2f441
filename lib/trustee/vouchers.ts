// What other trustees vouch for: cosignatures, signature first, and no more of anybody than is needed
import { type Cosignature, lastFinal } from '#lib/protocol/board/cosignature.ts';
import type { Board } from '#lib/protocol/board/reader.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

/** Of a trustee and number no more than two cosignatures are looked at beside the chain. */
const MOST_TRIED = 2;

export type Vouchers = {
  /** Of each trustee the latest checked cosignature of the chain: it vouches for all before. */
  latest: Map<number, Cosignature>;
  /** How many of another chain were looked at, by trustee and number. */
  tried: Map<string, number>;
  /** Trustees that have cosigned another checkpoint than the chain's. */
  forkers: Set<number>;
};

export function createVouchers(): Vouchers {
  return { latest: new Map(), tried: new Map(), forkers: new Set() };
}

/**
 * Takes cosignatures of others whose numbers are in the view. Of each trustee they are tried from the highest on, so that of a
 * long list few signatures are checked. SPEC §9.5.
 * @returns trustees that turn out to have forked
 */
export function hearCosignatures(
  context: StatementContext,
  vouchers: Vouchers,
  { hashes }: Pick<Board, 'hashes'>,
  heard: readonly Cosignature[],
): number[] {
  const isGood = (one: Cosignature) => checkTrusteeMessage(context, one).ok;
  const forked: number[] = [];
  for (const one of [...heard].sort((a, b) => b.number - a.number)) {
    const { trustee, number, checkpoint } = one;
    if (hashes[number - 1] === checkpoint) {
      if (number > (vouchers.latest.get(trustee)?.number ?? 0) && isGood(one)) vouchers.latest.set(trustee, one);
    } else if (!vouchers.forkers.has(trustee) && mayTry(vouchers, one) && isGood(one)) {
      vouchers.forkers.add(trustee);
      forked.push(trustee);
    }
  }
  return forked;
}

function mayTry({ tried }: Vouchers, { trustee, number }: Cosignature): boolean {
  const place = `${trustee}/${number}`;
  const before = tried.get(place) ?? 0;
  tried.set(place, before + 1);
  return before < MOST_TRIED;
}

/** How many others have cosigned a checkpoint of the chain or a later one. */
export function othersAt({ latest }: Vouchers, me: number, number: number): number {
  return [...latest.values()].filter((one) => one.trustee !== me && one.number >= number).length;
}

/** The number of the last final checkpoint, the trustee's own word included. SPEC §9.5. */
export function finalNumber(
  { statement }: StatementContext,
  { hashes }: Pick<Board, 'hashes'>,
  { latest }: Vouchers,
  own: Cosignature | undefined,
): number {
  return lastFinal(statement, hashes, own ? [...latest.values(), own] : [...latest.values()]);
}
