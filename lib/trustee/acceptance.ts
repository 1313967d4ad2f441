// Which statements a trustee takes part in: decided from the statement itself, never from what the platform says about it
import { findKey, type Manifest } from '#lib/proof/manifest.ts';
import { checkRollHeader, type RollHeader } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import {
  checkStatement,
  hasGraceMargin,
  type StatementContext,
  statementId,
  type TrusteeDescriptor,
} from '#lib/protocol/statement/statement.ts';
import { judgeByPolicy, type Policy } from './policy.ts';

/** What the trustee holds a statement against. */
export type Terms = {
  descriptor: TrusteeDescriptor;
  /** The platform's key as pinned at the first contact. */
  platform: Hex32;
  /** Seconds of grace beyond what mixing takes, in which the trustee's operator can repair a machine. SPEC §5.3. */
  graceMargin: number;
  /** The trustee's own list of proving keys. */
  manifest: Manifest;
  policy: Policy;
};

export type StatementRefusal =
  | 'BAD_STATEMENT'
  | 'OTHER_STATEMENT'
  | 'NOT_IN_COMMITTEE'
  | 'OTHER_DESCRIPTOR'
  | 'OTHER_PLATFORM'
  | 'GRACE_TOO_SHORT'
  | 'OPEN_BY_PAST'
  | 'KEY_UNKNOWN'
  | 'OTHER_SETUP'
  | 'GROUP_NOT_SERVED'
  | 'TOO_LONG'
  | 'OWN_MESSAGES'
  | 'BAD_ROLL';

/** A statement that the trustee may join once its rolls are rebuilt, and its own place in the committee. */
export type Appointment = { context: StatementContext; trustee: number };

/** Judges everything about a statement but the leaves of its rolls. `now` in Unix seconds. */
export function judgeStatement(
  id: Hex32,
  said: { statement: unknown; rolls: readonly unknown[] },
  terms: Terms,
  now: number,
): Checked<Appointment, StatementRefusal> {
  const headers: RollHeader[] = [];
  for (const roll of said.rolls) {
    const header = checkRollHeader(roll);
    if (!header.ok) return refuse('BAD_ROLL', header.detail ?? header.code);
    headers.push(header.value);
  }
  const checked = checkStatement(said.statement, headers);
  if (!checked.ok) return refuse('BAD_STATEMENT', checked.detail ?? checked.code);
  const context = checked.value;
  const { statement } = context;
  if (statementId(statement) !== id) return refuse('OTHER_STATEMENT', 'the platform showed another statement under this id');
  const place = statement.committee.trustees.findIndex((trustee) => trustee.key === terms.descriptor.key);
  const own = statement.committee.trustees[place];
  if (!own) return refuse('NOT_IN_COMMITTEE', 'the committee does not name this trustee');
  if (own.name !== terms.descriptor.name || own.contact !== terms.descriptor.contact)
    return refuse('OTHER_DESCRIPTOR', 'the committee names this trustee’s key under another name or contact');
  if (statement.platform !== terms.platform)
    return refuse('OTHER_PLATFORM', 'the statement names another platform key than the pinned one');
  if (!hasGraceMargin(context, terms.graceMargin))
    return refuse('GRACE_TOO_SHORT', `a grace of ${statement.grace} s leaves less than ${terms.graceMargin} s beyond what mixing takes`);
  if (statement.openBy <= now) return refuse('OPEN_BY_PAST', 'the time for making the key is over');
  const wanted = judgeByPolicy(statement, terms.policy, now);
  if (!wanted.ok) return wanted;
  const key = findKey(terms.manifest, statement.verificationKey);
  if (key === null) return refuse('KEY_UNKNOWN', 'the verification key is not in this trustee’s own list');
  if (key.transcript !== statement.setup) return refuse('OTHER_SETUP', 'the setup is not the one that made the verification key');
  return accept({ context, trustee: place + 1 });
}
