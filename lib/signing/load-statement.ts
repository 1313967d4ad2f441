import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import type { StatementAnswer } from '#lib/api/shapes.ts';
import { findKey, type Manifest, type ManifestKey } from '#lib/proof/manifest.ts';
import { kindOfKeyMessage, MOST_OF_A_KIND } from '#lib/protocol/key/forked-messages.ts';
import { abortForSilence, judgeKeyGeneration, type KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { checkRollHeader, type RollFailure } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { StateName } from '#lib/protocol/statement/outcome.ts';
import { checkStatement, type StatementContext, type StatementFailure, statementId } from '#lib/protocol/statement/statement.ts';

/** A statement that the signer's own device has checked from end to end. */
export type LoadedStatement = {
  context: StatementContext;
  /** What the trustees' own signed messages amount to; `keyed` holds the key that seals are made to. */
  key: KeyState;
  /** The proving key in the manifest that came with this program. */
  provingKey: ManifestKey;
  /** What the platform says of the statement: for display only. */
  state: StateName;
  /** The platform's clock, Unix seconds. */
  platformTime: number;
};

export type LoadFailure = StatementFailure | RollFailure | 'SWAPPED_STATEMENT' | 'KEY_UNKNOWN' | 'KEY_MESSAGES';

/**
 * Gets a statement and checks it against the hash that the caller was given, by share link and never by the platform: text
 * and everything else by their hash, the rolls by theirs and their issuers' signatures, the proving key by the manifest, and
 * the key of the statement by the transcript that its committee signed (T8, T28).
 * @throws ApiError when the platform refuses or cannot be reached
 */
export async function fetchStatement(
  api: Pick<Api, 'getStatement'>,
  id: Hex32,
  manifest: Manifest,
  options?: CallOptions,
): Promise<Checked<LoadedStatement, LoadFailure>> {
  return checkStatementAnswer(await api.getStatement(id, options), id, manifest);
}

/** The checks of `fetchStatement` on an answer that is there already. */
export function checkStatementAnswer(answer: StatementAnswer, id: Hex32, manifest: Manifest): Checked<LoadedStatement, LoadFailure> {
  if (statementId(answer.statement) !== id) return refuse('SWAPPED_STATEMENT', 'the platform sent another statement than the link names');
  for (const header of answer.rolls) {
    const checked = checkRollHeader(header);
    if (!checked.ok) return checked;
  }
  const context = checkStatement(answer.statement, answer.rolls);
  if (!context.ok) return context;
  const { verificationKey, setup, openBy } = context.value.statement;
  const provingKey = findKey(manifest, verificationKey);
  if (!provingKey || provingKey.transcript !== setup)
    return refuse('KEY_UNKNOWN', 'the statement relies on a proving key that did not come with this program');
  const messages = checkKeyMessages(context.value, answer.keyGeneration);
  if (!messages.ok) return messages;
  const judged = judgeKeyGeneration(context.value, messages.value);
  const key = answer.time > openBy ? abortForSilence(judged) : judged;
  return accept({ context: context.value, key, provingKey, state: answer.state, platformTime: answer.time });
}

function checkKeyMessages(context: StatementContext, messages: readonly KeyMessage[]): Checked<KeyMessage[], 'KEY_MESSAGES'> {
  const seen = new Map<string, Set<Hex32>>();
  for (const message of messages) {
    const checked = checkTrusteeMessage(context, message);
    if (!checked.ok) return refuse('KEY_MESSAGES', checked.detail);
    const place = kindOfKeyMessage(message);
    const hashes = seen.get(place) ?? new Set();
    const hash = messageHash(message.type, message);
    if (hashes.has(hash)) return refuse('KEY_MESSAGES', `trustee ${message.trustee} is quoted twice`);
    if (hashes.size === MOST_OF_A_KIND) return refuse('KEY_MESSAGES', `trustee ${message.trustee} is quoted more often than a proof takes`);
    seen.set(place, hashes.add(hash));
  }
  return accept([...messages]);
}

/** Why nobody can sign a statement now, in a word; `open` when they can. `now` in Unix seconds, by the platform's clock as far as it is known. */
export function signingState(loaded: LoadedStatement, now: number): 'keying' | 'aborted' | 'open' | 'closed' {
  if (loaded.key.status === 'aborted') return 'aborted';
  if (loaded.key.status === 'waiting') return 'keying';
  return now > loaded.context.statement.deadline ? 'closed' : 'open';
}
