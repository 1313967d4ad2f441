import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { loadVerificationKey } from '#lib/proof/artifacts.ts';
import { createKeySecrets, makeCommit } from '#lib/protocol/key/key-generation.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { type Appointment, judgeStatement, type StatementRefusal } from './acceptance.ts';
import { readCommitteeMessages } from './committee-calls.ts';
import type { TrusteeContext } from './context.ts';
import { type Duty, loadDuty } from './duty.ts';
import { fileOf } from './keystore.ts';
import { longCall, shortCall } from './platform-calls.ts';
import { type Journal, journalShape, secretsFileShape, secretsFromFile, secretsToFile, statementFileShape } from './stored-shapes.ts';

/**
 * Fetches a statement that names this trustee and judges everything about it but the leaves of its rolls.
 * @throws when the platform cannot be reached
 */
export async function readAppointment(
  trustee: TrusteeContext,
  id: Hex32,
  platform: Hex32,
): Promise<Checked<Appointment, StatementRefusal>> {
  const { manifest, graceMargin, policy } = trustee;
  const terms = { descriptor: trustee.identity.descriptor, platform, graceMargin, manifest, policy };
  return judgeStatement(id, await trustee.api.getStatement(id, shortCall()), terms, trustee.now());
}

/**
 * Takes its part in a statement that was judged: makes fresh secrets and signs the commit. A statement that was joined before, however
 * that ended, is never joined again.
 * @param rebuilt hashes of rolls whose leaves were checked since this process started; added to
 * @returns null when there is nothing to do for it any more
 * @throws when the platform cannot be reached or serves other leaves than the roll's: worth another try
 */
export async function joinStatement(
  trustee: TrusteeContext,
  { context, trustee: place }: Appointment,
  openedBy: OpenedBy,
  rebuilt: Set<Hex32>,
): Promise<Checked<Duty | null, StatementRefusal>> {
  const { manifest, artifacts } = trustee;
  const key = await loadVerificationKey(manifest, context.statement.verificationKey, artifacts);
  if (!key.ok) return refuse('KEY_UNKNOWN', `the verification key cannot be loaded (${key.code})`);
  await rebuildRolls(trustee, context, rebuilt);
  if (context.statement.openBy <= trustee.now()) return refuse('OPEN_BY_PAST', 'the time for making the key is over');
  if (await hasSpoken(trustee, context, place))
    return refuse(
      'OWN_MESSAGES',
      'this trustee’s key has spoken about it before, and this keystore does not know: it was restored, or copied',
    );
  await signUp(trustee, context, place, openedBy);
  return accept(await loadDuty(trustee, context.id));
}

async function rebuildRolls(trustee: TrusteeContext, context: StatementContext, rebuilt: Set<Hex32>): Promise<void> {
  for (const header of context.rolls.values()) {
    const hash = rollHash(header);
    if (rebuilt.has(hash)) continue;
    const bytes = await trustee.api.getLeaves(hash, longCall());
    const judged = await trustee.work.run('checkRoll', { header, bytes });
    if (!judged.ok) throw new Error(`roll ${hash.slice(0, 12)}: ${judged.detail ?? judged.code}`);
    rebuilt.add(hash);
  }
}

/** What its own key has said before it would have to be bound by, without the secrets: then it takes no part (T58). */
async function hasSpoken(trustee: TrusteeContext, context: StatementContext, place: number): Promise<boolean> {
  const author = { context, trustee: place, seed: trustee.identity.seed };
  for (let after = 0; ; ) {
    const { messages } = await readCommitteeMessages(trustee, author, after);
    if (messages.some(({ message }) => message.trustee === place && checkTrusteeMessage(context, message).ok)) return true;
    const last = messages.at(-1)?.cursor ?? 0;
    if (last <= after) return false;
    after = last;
  }
}

/** The journal comes last: without it nothing was said, and what a crash left before it is used or replaced. */
async function signUp(trustee: TrusteeContext, context: StatementContext, place: number, openedBy: OpenedBy): Promise<void> {
  const { disk, random } = trustee;
  const { statement, id } = context;
  const joined = { version: 2 as const, statement, rolls: [...context.rolls.values()] };
  await writeStored(disk, fileOf(id, 'statement.json'), joined, statementFileShape);
  const stored = await readStored(disk, fileOf(id, 'secrets.json'), secretsFileShape);
  const secrets = stored ? secretsFromFile(stored) : createKeySecrets(statement.committee.threshold, random);
  if (!stored) await writeStored(disk, fileOf(id, 'secrets.json'), secretsToFile(secrets), secretsFileShape);
  const commit = makeCommit({ context, trustee: place, seed: trustee.identity.seed }, secrets, random);
  const journal: Journal = {
    version: 2,
    statement: id,
    trustee: place,
    openBy: statement.openBy,
    destroyAt: destructionTime(statement),
    openedBy,
    stage: 'keying',
    messages: [commit],
  };
  await writeStored(disk, fileOf(id, 'journal.json'), journal, journalShape);
}
