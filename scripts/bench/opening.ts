import { randomBytes } from 'node:crypto';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { isEqual, proveEquality } from '#lib/protocol/numbers/discrete-log.ts';
import { BASE, formatPoint, multiplySecret } from '#lib/protocol/numbers/point.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import { checkOpening, makeOpening, type Wave } from '#lib/protocol/reveal/opening.ts';
import { BENCH_SETUP } from '../make-record/bench-key.ts';
import { makeCommittee, makeGroups, makeStatement } from '../make-record/stage.ts';
import { type Row, timeInTurn } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const SEALS = 1_000;
const FEW = 20;

/** A trustee's opening of a wave of 1,000: made, and checked by others. */
export async function benchOpening(quick: boolean): Promise<Row[]> {
  const groups = makeGroups(8, random);
  const seeds = [random(32), random(32), random(32)];
  const key = { verificationKey: publicKeyOf(random(32)), setup: BENCH_SETUP };
  const context = makeStatement(groups, { count: 2 }, random(32), seeds, key, random);
  const { authors, shares, keyed } = makeCommittee(context, seeds, random);
  const [author, share] = [authors[0]!, shares[0]!];
  const ephemerals = Array.from({ length: SEALS }, () => multiplySecret(BASE, randomScalar(random)));
  const items = ephemerals.map((point, i) => ({ nullifier: String(i + 1), ephemeral: formatPoint(point) }));
  const wave: Wave = { number: 1, checkpoint: 'ab'.repeat(32), items };
  const opening = makeOpening(author, keyed, share, wave, random);
  const rounds = quick ? 1 : 3;

  const few = ephemerals.slice(0, FEW);
  const making = await timeInTurn(
    rounds,
    () => makeOpening(author, keyed, share, wave, random),
    () => few.map((point) => multiplySecret(point, share)),
  );
  const claims = few.map((base) => ({ key: keyed.verificationKeys[0]!, base, image: multiplySecret(base, share) }));
  const proofs = claims.map((claim) => proveEquality('opening-challenge', share, claim, {}, random));
  const checking = await timeInTurn(
    rounds,
    () => {
      if (!checkOpening(context.id, keyed, wave, opening).ok) throw new Error('the opening was refused');
    },
    () => {
      if (!claims.every((claim, i) => isEqual('opening-challenge', claim, proofs[i]!, {}))) throw new Error('a proof was refused');
    },
  );
  return [
    row(
      'opening a seal as a trustee, in a wave of 1,000',
      making,
      'a single multiplication by the share',
      'a wave of 10,000 in a minute',
      (ms) => ms * 10 <= 60_000,
    ),
    row(
      "checking a trustee's opening, in a wave of 1,000",
      checking,
      'a Chaum–Pedersen proof for each seal',
      'one check a trustee and wave',
      (_, ratio) => ratio < 1,
    ),
  ];
}

function row(
  name: string,
  times: { first: number; second: number },
  baseline: string,
  goal: string,
  holds: (ms: number, ratio: number) => boolean,
): Row {
  const [value, other] = [times.first / SEALS, times.second / FEW];
  const ratio = value / other;
  return { name, unit: 'ms', value, baseline: { name: baseline, value: other }, ratio, goal, holds: holds(times.first, ratio) };
}
