// SPEC §7: key generation; §2.2: messages of trustees

import { createKeySecrets, type KeySecrets, makeCommit, makeComplaint, makeConfirm, makeDeal } from '#lib/protocol/key/key-generation.ts';
import { abortForSilence, judgeKeyGeneration, type KeyState } from '#lib/protocol/key/key-judgement.ts';
import { type Commit, type Complaint, type Confirm, type Deal, type KeyMessage, polynomialHash } from '#lib/protocol/key/key-messages.ts';
import { openShare } from '#lib/protocol/key/key-shares.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import {
  BASE,
  formatPoint,
  hashToScalar,
  multiplySecret,
  type Point,
  type PointText,
  parsePoint,
  type Scalar,
  toScalar,
} from '#lib/protocol/numbers/point.ts';
import { seeded } from '#test/circuits/signer.ts';
import { makeKey } from '#test/support/world.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { SMALL_POINTS } from './odd-points.ts';
import { createScene, PLAIN_SETUP, secretsOf } from './scene.ts';

const scene = createScene('key generation', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
const { context, random } = scene;
const good = makeKey(context, scene.committee, random);
const [one, two, three] = good.authors as [(typeof good.authors)[0], (typeof good.authors)[0], (typeof good.authors)[0]];
const seedOf = (trustee: number) => scene.committee.seeds[trustee - 1] as Uint8Array;
/** The same message with a change, signed again by its author. */
const resign = <M extends KeyMessage>(message: M, change: object): M => {
  const { signature: _, ...body } = { ...message, ...change };
  return signMessage(message.type, body, seedOf(message.trustee)) as M;
};
const replace = <M extends KeyMessage>(all: readonly M[], changed: M): M[] =>
  all.map((one) => (one.trustee === changed.trustee ? changed : one));

/** Trustee 2 deals a share to trustee 3 that is one too large. */
function dealBadly(): { deals: Deal[]; secrets: KeySecrets } {
  const secrets = good.secrets[1] as KeySecrets;
  const honest = good.deals[1] as Deal;
  const wrong = { ...secrets, coefficients: [toScalar((secrets.coefficients[0] as bigint) + 1n), ...secrets.coefficients.slice(1)] };
  const bad = makeDeal(two, wrong, good.commits, seeded('bad deal')).shares[1] as Deal['shares'][0];
  const deal = resign(honest, { shares: [honest.shares[0], bad, honest.shares[2]] });
  return { deals: replace(good.deals, deal), secrets: good.secrets[2] as KeySecrets };
}

const bad = dealBadly();
const complaint = makeComplaint(three, bad.secrets, bad.deals[1] as Deal, random);
const falseComplaint = makeComplaint(three, bad.secrets, good.deals[1] as Deal, random);
const confirmOfBad = makeConfirm(one, good.shares[0] as Scalar, good.commits, bad.deals, random);
const commitOf2 = good.commits[1] as Commit;
const dealOf2 = good.deals[1] as Deal;
const confirmOf2 = good.confirms[1] as Confirm;
const otherPolynomial = makeDeal(two, createKeySecrets(2, random), good.commits, random);
const exchanged = good.commits.map((commit) =>
  commit.trustee === 2 ? resign(commit, { sealingKey: good.commits[0]?.sealingKey, possession: good.commits[0]?.possession }) : commit,
);
const [shareFor1, shareFor3, shareFor4] = dealOf2.shares as [Deal['shares'][0], Deal['shares'][0], Deal['shares'][0]];
const otherDeal = resign(dealOf2, { shares: [shareFor1, { ...shareFor3, ciphertext: '1' }, shareFor4] });

/** Trustee 2 commits to and deals a polynomial of one degree too many, in all else honestly. */
const tooHigh = dealInstead(createKeySecrets(3, random));
/** Trustee 2 deals constant terms that are no valid points, with proofs of possession whose equation holds all the same. */
const smallConstant = dealInstead(good.secrets[1] as KeySecrets, SMALL_POINTS['of order 2']);
const zeroConstant = dealInstead(good.secrets[1] as KeySecrets, ['0', '1']);
/** The dealers have agreed: their constant terms add up to nothing, and so the key is the identity. Trustees 1 to 3 confirm it. */
const nothing = dealNothing();

function dealNothing(): KeyMessage[] {
  const sum = good.secrets.reduce((all, { coefficients }) => all + (coefficients[0] as bigint), 0n);
  const [constant, ...others] = (good.secrets[1] as KeySecrets).coefficients as [Scalar, ...Scalar[]];
  const dealt = dealInstead({ ...(good.secrets[1] as KeySecrets), coefficients: [toScalar(constant - sum), ...others] });
  const [commitsMade, dealsMade] = [dealt.slice(0, 4) as Commit[], dealt.slice(4) as Deal[]];
  const shareOf = (trustee: number) => toScalar((good.shares[trustee - 1] as bigint) - sum);
  return [...dealt, ...[one, two, three].map((author) => makeConfirm(author, shareOf(author.trustee), commitsMade, dealsMade, random))];
}

function dealInstead(secrets: KeySecrets, constant?: readonly string[]): KeyMessage[] {
  const honestCommit = makeCommit(two, secrets, random);
  const polynomial = secrets.coefficients.map((coefficient) => formatPoint(multiplySecret(BASE, coefficient)));
  const shown = constant ? [constant as PointText, ...polynomial.slice(1)] : polynomial;
  const commit = resign(honestCommit, { polynomial: polynomialHash(context.id, 2, shown) });
  const all = good.commits.map((other) => (other.trustee === 2 ? commit : other));
  const made = good.authors.map((author, i) => makeDeal(author, i === 1 ? secrets : (good.secrets[i] as KeySecrets), all, random));
  const possession = constant && possessionOf(constant, { statement: context.id, trustee: 2, purpose: 'constant' });
  return [...all, ...(constant ? replace(made, resign(made[1] as Deal, { polynomial: shown, possession })) : made)];
}

/** A commit whose sealing key is no valid point, with a proof of possession whose equation holds all the same. */
function commitTo(sealingKey: readonly string[]): Commit {
  const possession = possessionOf(sealingKey, { statement: context.id, trustee: 2, purpose: 'sealing' });
  return resign(good.commits[1] as Commit, { sealingKey, possession });
}

/** Tries nonces until the challenge times a key of small order is nothing: then the nonce alone is a response. */
function possessionOf(key: readonly string[], binding: { [name: string]: Json }) {
  for (let nonce = 1n; ; nonce++) {
    const commitment = formatPoint(multiplySecret(BASE, toScalar(nonce)));
    const challenge = hashToScalar('possession', { binding, key: [...key], commitment });
    if (challenge % 8n === 0n) return { commitment, response: String(nonce) };
  }
}

export function describeKey(state: KeyState): { expect: string; output: Json } {
  if (state.status === 'aborted') return { expect: 'aborted', output: state.blame };
  if (state.status === 'waiting') return { expect: 'waiting', output: { phase: state.phase, missing: state.missing } };
  const { key, verificationKeys, transcript } = state;
  return { expect: 'keyed', output: { key: formatPoint(key), verificationKeys: verificationKeys.map(formatPoint), transcript } };
}

const { commits, deals, confirms } = good;
const everything = [...commits, ...deals, ...confirms];
/** The messages of the honest key generation by name: cases refer to them so. */
const honest = new Map<string, KeyMessage>(everything.map((message) => [`${message.type} ${message.trustee}`, message]));
const nameOf = (message: KeyMessage) => [...honest].find(([, known]) => known === message)?.[0];
const judge = (name: string, expect: string, messages: readonly KeyMessage[]): Case => ({
  name,
  input: { messages: messages.map((message) => nameOf(message) ?? message) } as unknown as Json,
  expect,
});
const resolve = (messages: readonly (string | KeyMessage)[]) =>
  messages.map((message) => (typeof message === 'string' ? (honest.get(message) as KeyMessage) : message));
const withDeal = (change: object) => [...commits, ...replace(deals, resign(dealOf2, change))];
const withComplaint = (from: Complaint, change: object) => [...commits, ...bad.deals, resign(from, change)];
const message = (name: string, expect: string, value: object): Case => ({ name, input: { message: value } as Json, expect });
const share = (name: string, expect: string, deal: Deal, recipient: number, shared: readonly string[]): Case => ({
  name,
  input: { deal, recipient, shared } as unknown as Json,
  expect,
});

export const keyGeneration: Chapter = {
  file: 'key-generation.json',
  section: '7',
  given: {
    statement: context.statement,
    headers: scene.groups.map((group) => group.header),
    secrets: secretsOf(scene),
    honest: Object.fromEntries(honest),
  } as unknown as Json,
  operations: {
    'trustee-message': {
      about: 'whether input.message is of a trustee of given.statement (§2.2)',
      replay: ({ message }) => judged(checkTrusteeMessage(context, message)),
      cases: [
        message('a commit', 'ok', commitOf2),
        message('a deal', 'ok', dealOf2),
        message('a confirm', 'ok', confirmOf2),
        message('a complaint', 'ok', complaint),
        message('for another statement', 'OTHER_STATEMENT', { ...commitOf2, statement: '00'.repeat(32) }),
        message('in the name of another trustee', 'TRUSTEE_SIGNATURE', { ...commitOf2, trustee: 3 }),
        message('of a trustee that there is not', 'UNKNOWN_TRUSTEE', { ...commitOf2, trustee: 5 }),
        message('trustee 0', 'BAD_SHAPE', { ...commitOf2, trustee: 0 }),
        message('changed', 'TRUSTEE_SIGNATURE', { ...commitOf2, polynomial: '00'.repeat(32) }),
        message('a member too many', 'BAD_SHAPE', { ...commitOf2, note: 1 }),
        message('of no known type', 'BAD_SHAPE', { ...commitOf2, type: 'hello' }),
        message(
          'a response that is no scalar',
          'BAD_SHAPE',
          resign(confirmOf2, { possession: { ...confirmOf2.possession, response: '00' } }),
        ),
      ],
    },
    judgement: {
      about:
        'what input.messages (a text names one of given.honest) amount to: keyed, waiting or aborted; output is the key, who is missing, or who is to blame',
      replay: ({ messages }) => describeKey(judgeKeyGeneration(context, resolve(messages))),
      cases: [
        judge('an honest key generation', 'keyed', everything),
        judge('in any order', 'keyed', [...everything].reverse()),
        judge('four confirms make the key, whatever else is said', 'keyed', [...everything, falseComplaint]),
        judge('nothing yet', 'waiting', []),
        judge('a commit missing', 'waiting', commits.slice(1)),
        judge('a deal missing', 'waiting', [...commits, ...deals.slice(0, 3)]),
        judge(
          'a confirm missing',
          'waiting',
          everything.filter((one) => one !== confirms[1]),
        ),
        judge('BAD_SHARE: a complaint whose deal stands nowhere else', 'aborted', [
          ...commits,
          deals[0] as Deal,
          deals[2] as Deal,
          complaint,
        ]),
        judge('FORKED: a complaint about another deal than the one shown', 'aborted', [...commits, ...deals, complaint]),
        judge('FORKED: two commits of one trustee, before what follows from them', 'aborted', [
          ...commits,
          ...deals,
          resign(commitOf2, { polynomial: '00'.repeat(32) }),
        ]),
        judge('FORKED: two deals of one trustee', 'aborted', [...commits, ...deals, otherDeal]),
        judge('FORKED: two confirms of one trustee, and one missing', 'aborted', [
          ...everything.filter((message) => message !== confirms[0]),
          resign(confirmOf2, { transcript: '00'.repeat(32) }),
        ]),
        judge('a second deal after all have confirmed', 'keyed', [...everything, otherDeal]),
        judge('BAD_COMMIT: a sealing key copied from another', 'aborted', exchanged),
        judge('BAD_COMMIT: a sealing key of small order', 'aborted', replace(commits, commitTo(SMALL_POINTS['of order 8'] as string[]))),
        judge('BAD_COMMIT: a sealing key that is the identity', 'aborted', replace(commits, commitTo(['0', '1']))),
        judge('BAD_DEAL: another polynomial than committed to', 'aborted', [...commits, ...replace(deals, otherPolynomial)]),
        judge('BAD_DEAL: made over other commits', 'aborted', withDeal({ commits: '00'.repeat(32) })),
        judge('BAD_DEAL: a degree too high', 'aborted', tooHigh),
        judge('BAD_DEAL: a constant term of small order', 'aborted', smallConstant),
        judge('BAD_DEAL: a constant term that is the identity', 'aborted', zeroConstant),
        judge('BAD_DEAL: a proof of possession of another point', 'aborted', withDeal({ possession: deals[0]?.possession })),
        judge('BAD_DEAL: a share missing', 'aborted', withDeal({ shares: [shareFor1, shareFor3] })),
        judge('BAD_DEAL: shares out of order', 'aborted', withDeal({ shares: [shareFor3, shareFor1, shareFor4] })),
        judge('BAD_DEAL: a share for itself', 'aborted', withDeal({ shares: [shareFor1, { ...shareFor3, recipient: 2 }, shareFor4] })),
        judge(
          'BAD_DEAL: an ephemeral that is the identity',
          'aborted',
          withDeal({ shares: [shareFor1, { ...shareFor3, ephemeral: ['0', '1'] }, shareFor4] }),
        ),
        judge(
          'BAD_DEAL: an ephemeral of small order',
          'aborted',
          withDeal({ shares: [shareFor1, { ...shareFor3, ephemeral: SMALL_POINTS['of order 8'] }, shareFor4] }),
        ),
        judge('BAD_SHARE: a complaint that is right', 'aborted', [...commits, ...bad.deals, complaint]),
        judge('BAD_SHARE: also when another trustee confirmed', 'aborted', [...commits, ...bad.deals, complaint, confirmOfBad]),
        judge('FALSE_COMPLAINT: a complaint about a good share', 'aborted', [...commits, ...deals, falseComplaint]),
        judge('BAD_COMPLAINT: a shared point that is not proven', 'aborted', withComplaint(complaint, { shared: commitOf2.sealingKey })),
        judge(
          'BAD_COMPLAINT: about a deal that its dealer has not signed',
          'aborted',
          withComplaint(complaint, { deal: { ...complaint.deal, commits: '00'.repeat(32) } }),
        ),
        judge('BAD_COMPLAINT: about itself', 'aborted', withComplaint(complaint, { deal: bad.deals[2] })),
        judge(
          'BAD_COMPLAINT: about a trustee that there is not',
          'aborted',
          withComplaint(complaint, { deal: { ...complaint.deal, trustee: 5 } }),
        ),
        judge('BAD_CONFIRM: another transcript', 'aborted', [...commits, ...deals, resign(confirmOf2, { transcript: '00'.repeat(32) })]),
        judge('BAD_CONFIRM: the share of another', 'aborted', [
          ...commits,
          ...deals,
          resign(confirmOf2, { possession: confirms[0]?.possession }),
        ]),
        judge('a key that is the identity, for which nobody is blamed', 'aborted', nothing),
      ],
    },
    silence: {
      about: 'the same once openBy has passed',
      replay: ({ messages }) => describeKey(abortForSilence(judgeKeyGeneration(context, resolve(messages)))),
      cases: [
        judge('SILENT: two never committed', 'aborted', commits.slice(1, 2)),
        judge(
          'SILENT: one never confirmed',
          'aborted',
          everything.filter((one) => one !== confirms[1]),
        ),
        judge('a key that is made stays', 'keyed', everything),
      ],
    },
    'open-share': {
      about: 'output is the share that input.deal has for input.recipient, given the shared point of its seal',
      replay: ({ deal, recipient, shared }) => judged(openShare(context, deal, recipient, parsePoint(shared) as Point), String),
      cases: [
        share('a good share', 'ok', dealOf2, 3, falseComplaint.shared),
        share('a share that does not fit', 'BAD_SHARE', bad.deals[1] as Deal, 3, complaint.shared),
        share('another shared point', 'BAD_SHARE', dealOf2, 3, commitOf2.sealingKey),
      ],
    },
    share: {
      about: 'output is the share of the key that input.trustee of the honest key generation holds; its verification key is share · B',
      replay: ({ trustee }) => computed(String(good.shares[trustee - 1])),
      cases: [1, 2, 3, 4].map((trustee) => ({ name: `trustee ${trustee}`, input: { trustee }, expect: 'ok' })),
    },
  },
};
