import type { Api } from '#lib/api/client.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { findEligible, findMembership } from '#lib/signing/find-membership.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { makeBody, type Prover, sayAye } from '#lib/signing/make-entry.ts';
import { postBody } from '#lib/signing/post-body.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { eachOf } from './each-of.ts';
import type { EnrolledMember } from './enrol-everyone.ts';
import { need } from './need.ts';
import { startProvingPool } from './proving-pool.ts';

type KeyedStatement = LoadedStatement & { key: Keyed };

/** A statement under which the demo signs. */
export type Scene = { api: Api; loaded: KeyedStatement; random: Random; now: () => number; log: (line: string) => void };

/**
 * Has every signer find its place, prove and post, with as many proofs at a time as there are cores. Each signs only if all of them
 * do, so that they open in one wave whenever the trigger is met. Just before the last signature it looks whether everything is still
 * sealed, and in the end it tries to sign twice.
 */
export async function signAll(scene: Scene, signers: readonly EnrolledMember[]): Promise<Receipt[]> {
  const { api, loaded, log } = scene;
  const pool = startProvingPool();
  let posted = 0;
  let turn: Promise<unknown> = Promise.resolve();
  try {
    const receipts = await eachOf(signers, pool.size, async (signer) => {
      const body = await makeSignature(scene, signer, signers.length, pool.prove);
      // Proofs are made side by side and handed in one after the other, so that the last one is known.
      const post = turn.then(async () => {
        if (posted === signers.length - 1) await requireSealed(scene, posted);
        const receipt = need(await postBody(api, loaded.context, body, scene.now));
        posted++;
        if (posted % stepOf(signers.length) === 0 || posted === signers.length) log(`  ${posted} of ${signers.length} have signed`);
        return receipt;
      });
      turn = post.catch(() => {});
      return post;
    });
    await requireRefusal(scene, signers, pool.prove);
    return receipts;
  } finally {
    await pool.close();
  }
}

/** What a member hands in to sign, made as a wallet makes it. @param minimum the fewest people to be named with; 1 for none */
export async function makeSignature(
  { api, loaded, random }: Omit<Scene, 'log'>,
  signer: EnrolledMember,
  minimum: number,
  prove: Prover,
): Promise<Body> {
  const { context, key } = loaded;
  const eligible = findEligible(context, signer.wallet).eligible[0];
  if (!eligible) throw new Error(`The wallet of ${quote(signer.name)} does not fit the statement.`);
  const identity = identityOf(signer.wallet);
  const place = need(await findMembership(api, eligible, identity));
  return need(
    await makeBody({ context, key, place, identity, said: sayAye(eligible.group, minimum > 1 ? minimum : undefined) }, prove, random),
  );
}

async function requireSealed({ api, loaded, log }: Scene, posted: number): Promise<void> {
  const { messages } = await api.listMessages(loaded.context.id, 0);
  const { state } = await api.getStatement(loaded.context.id);
  if (state !== 'open' || messages.some((one) => 'withheld' in one || one.message.type === 'opening'))
    throw new Error('Something was mixed or opened although the trigger is not met.');
  log(`  ${posted} have signed, and nothing is open`);
}

async function requireRefusal(scene: Scene, signers: readonly EnrolledMember[], prove: Prover): Promise<void> {
  const again = await makeSignature(scene, signers[0] as EnrolledMember, signers.length, prove);
  const second = await postBody(scene.api, scene.loaded.context, again, scene.now);
  if (second.ok || second.code !== 'ALREADY_SIGNED') throw new Error('A second signature by one person was not refused.');
  scene.log('  a second signature by one of them is refused');
}

function stepOf(signers: number): number {
  return Math.max(1, Math.ceil(signers / 20));
}
