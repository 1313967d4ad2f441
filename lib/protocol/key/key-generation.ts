import { messageHash, signMessage } from '../messages/ed25519.ts';
import { proveEquality, provePossession } from '../numbers/discrete-log.ts';
import { formatField, toField } from '../numbers/field.ts';
import { BASE, formatPoint, multiplySecret, type Point, parsePoint, SCALAR_ORDER, type Scalar, toScalar } from '../numbers/point.ts';
import { type Random, randomScalar } from '../numbers/random.ts';
import type { StatementContext } from '../statement/statement.ts';
import {
  type Commit,
  type Complaint,
  type Confirm,
  commitsHash,
  type Deal,
  polynomialHash,
  type SealedShare,
  shareContext,
  transcriptHash,
} from './key-messages.ts';
import { openShare } from './key-shares.ts';
import { sealNumber } from './sealing.ts';

/** A trustee at work on one statement: its place in the committee and the seed of its long-term Ed25519 key. */
export type Author = { context: StatementContext; trustee: number; seed: Uint8Array };

/** What a trustee must keep until it confirms, and erase then: coefficients of its polynomial and its sealing secret. */
export type KeySecrets = { coefficients: Scalar[]; sealingSecret: Scalar };

/** Fresh secrets for one statement: a polynomial of degree exactly k − 1 and a sealing key. Never to be used for another. */
export function createKeySecrets(threshold: number, random: Random): KeySecrets {
  return { coefficients: Array.from({ length: threshold }, () => randomScalar(random)), sealingSecret: randomScalar(random) };
}

/** Step 1: commits to the polynomial and shows the fresh sealing key with a proof of possession. SPEC §7.2. */
export function makeCommit(author: Author, secrets: KeySecrets, random: Random): Commit {
  const { context, trustee, seed } = author;
  const binding = { statement: context.id, trustee, purpose: 'sealing' };
  const body = {
    type: 'commit' as const,
    statement: context.id,
    trustee,
    polynomial: polynomialHash(context.id, trustee, polynomialOf(secrets)),
    sealingKey: formatPoint(multiplySecret(BASE, secrets.sealingSecret)),
    possession: provePossession(secrets.sealingSecret, binding, random),
  };
  return signMessage('commit', body, seed);
}

/** Step 2: shows the polynomial commitments and seals a share to every other trustee. `commits` are all n, judged before. SPEC §7.3. */
export function makeDeal(author: Author, secrets: KeySecrets, commits: readonly Commit[], random: Random): Deal {
  const { context, trustee, seed } = author;
  const binding = { statement: context.id, trustee, purpose: 'constant' };
  const shares = commits
    .filter((commit) => commit.trustee !== trustee)
    .map((commit) => sealShare(author, commit, evaluate(secrets.coefficients, commit.trustee), random));
  const body = {
    type: 'deal' as const,
    statement: context.id,
    trustee,
    commits: commitsHash(
      context.id,
      commits.map((commit) => messageHash('commit', commit)),
    ),
    polynomial: polynomialOf(secrets),
    possession: provePossession(secrets.coefficients[0] as Scalar, binding, random),
    shares,
  };
  return signMessage('deal', body, seed);
}

function sealShare(author: Author, to: Commit, share: Scalar, random: Random): SealedShare {
  const key = parsePoint(to.sealingKey);
  if (key === null) throw new TypeError('"commits" must have been judged before dealing');
  const context = shareContext(author.context.scope, author.trustee, to.trustee);
  const sealed = sealNumber(toField(share), key, context, randomScalar(random));
  return { recipient: to.trustee, ephemeral: formatPoint(sealed.ephemeral), ciphertext: formatField(sealed.ciphertext) };
}

/** The shared point of the seal that a deal has for the holder of `sealingSecret`. */
function sharedPointOf(deal: Deal, recipient: number, sealingSecret: Scalar): Point {
  const sealed = deal.shares.find((share) => share.recipient === recipient);
  if (!sealed) throw new TypeError('"deal" must have been judged before its shares are opened');
  return multiplySecret(requirePoint(sealed.ephemeral), sealingSecret);
}

/**
 * Adds up what a trustee was dealt, its own part included.
 * @returns its share of the statement's key, or the first dealer whose share is bad: then complain. SPEC §7.4.
 */
export function collectShare(
  author: Pick<Author, 'context' | 'trustee'>,
  secrets: KeySecrets,
  deals: readonly Deal[],
): { ok: true; share: Scalar } | { ok: false; dealer: number } {
  let sum: bigint = evaluate(secrets.coefficients, author.trustee);
  for (const deal of deals) {
    if (deal.trustee === author.trustee) continue;
    const shared = sharedPointOf(deal, author.trustee, secrets.sealingSecret);
    const share = openShare(author.context, deal, author.trustee, shared);
    if (!share.ok) return { ok: false, dealer: deal.trustee };
    sum += share.value;
  }
  return { ok: true, share: toScalar(sum) };
}

/** Step 3, good case: confirms the transcript. The share must be stored durably before this is signed. SPEC §7.4. */
export function makeConfirm(author: Author, share: Scalar, commits: readonly Commit[], deals: readonly Deal[], random: Random): Confirm {
  const { context, trustee, seed } = author;
  const transcript = transcriptHash(
    context.id,
    commits.map((commit) => messageHash('commit', commit)),
    deals.map((deal) => messageHash('deal', deal)),
  );
  const possession = provePossession(share, { statement: context.id, trustee, purpose: 'share', transcript }, random);
  return signMessage('confirm', { type: 'confirm' as const, statement: context.id, trustee, transcript, possession }, seed);
}

/** Step 3, bad case: publishes the shared point of the bad seal with a proof, so that everyone sees who cheated. SPEC §7.5. */
export function makeComplaint(author: Author, secrets: KeySecrets, deal: Deal, random: Random): Complaint {
  const { context, trustee, seed } = author;
  const shared = sharedPointOf(deal, trustee, secrets.sealingSecret);
  const ephemeral = requirePoint((deal.shares.find((share) => share.recipient === trustee) as SealedShare).ephemeral);
  const claim = { key: multiplySecret(BASE, secrets.sealingSecret), base: ephemeral, image: shared };
  const binding = { statement: context.id, trustee, dealer: deal.trustee, deal: messageHash('deal', deal) };
  const proof = proveEquality('complaint-proof', secrets.sealingSecret, claim, binding, random);
  const body = {
    type: 'complaint' as const,
    statement: context.id,
    trustee,
    deal,
    shared: formatPoint(shared),
    proof,
  };
  return signMessage('complaint', body, seed);
}

function evaluate(coefficients: readonly Scalar[], index: number): Scalar {
  return toScalar(coefficients.reduceRight((sum: bigint, coefficient) => (sum * BigInt(index) + coefficient) % SCALAR_ORDER, 0n));
}

function polynomialOf(secrets: KeySecrets) {
  return secrets.coefficients.map((coefficient) => formatPoint(multiplySecret(BASE, coefficient)));
}

function requirePoint(text: readonly string[]): Point {
  const point = parsePoint(text);
  if (point === null) throw new TypeError('"deal" must have been judged before its points are used');
  return point;
}
