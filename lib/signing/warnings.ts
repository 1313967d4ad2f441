import type { ManifestKey } from '#lib/proof/manifest.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type EndedKey, fateOf } from '#lib/protocol/member/key-end.ts';
import { nameGroupsBy, nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import { ANONYMITY_COMFORT, ANONYMITY_FLOOR, type RollHeader } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { TrusteeDescriptor } from '#lib/protocol/statement/statement.ts';
import { type Counts, countTogether, groupsOf, isTriggerMet, leastSignatures, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { describeFate, isSuccessor } from './ended-keys.ts';
import type { EligibleMembership, Lookalike } from './find-membership.ts';
import type { LoadedStatement } from './load-statement.ts';

export type WarningCode =
  | 'GROUP_TOO_SMALL'
  | 'GROUP_SMALL'
  | 'FEW_LEFT'
  | 'FEW_SIGNATURES'
  | 'FEW_TOGETHER'
  | 'NEVER_OPENS'
  | 'GROUPS_ADD_UP'
  | 'ADMITTED_BY_SERVER'
  | 'GREW_FAST'
  | 'FILLED_AT_ONCE'
  | 'TRUSTEE_NOT_RECOGNISED'
  | 'TRUSTEES_COLLUDE'
  | 'TRUSTEE_DECLINES'
  | 'LOOKALIKE_GROUP'
  | 'SUCCESSOR_GROUP'
  | 'KEY_REVOKED'
  | 'KEY_REPLACED'
  | 'DEVELOPMENT_KEYS';

/** Something that a person must be told before they open or sign a statement. `loud`: it may well be a reason not to. */
export type Warning = { code: WarningCode; loud: boolean; group?: Hex32 /** A sentence for the person. */; text: string };

/** Names of groups as they are told apart where several are named. */
export type NameOf = (group: Hex32) => string;

/** The least number of people below which a reveal names too few for comfort. */
const FEW = 3;

/** Everything that a signer is warned of. `counts`: live signatures by group, as far as they are public; `ended`: keys of issuers. */
export function warningsForSigner(
  loaded: LoadedStatement,
  eligible: EligibleMembership,
  lookalikes: readonly Lookalike[],
  counts: Counts = new Map(),
  ended: readonly EndedKey[] = [],
): Warning[] {
  const { context, provingKey } = loaded;
  const nameOf = nameGroupsBy(context.rolls);
  return [
    ...keyWarnings([...context.rolls.values()], ended),
    ...lookalikeWarnings(lookalikes, 'statement', ended, nameOf),
    ...trusteeWarnings(context.statement.committee, eligible.header, nameOf),
    ...crowdWarnings([eligible.header], counts, 'signed', nameOf),
    ...triggerWarnings(context),
    ...waveWarnings(context.statement.together, [eligible.header], nameOf),
    ...admissionWarnings([...context.rolls.values()], context.statement),
    ...setupWarnings(provingKey),
  ];
}

/** Groups whose issuer's key has ended: a revoked one may have been in a stranger's hands when it signed the roll (T82). */
export function keyWarnings(headers: readonly RollHeader[], ended: readonly EndedKey[]): Warning[] {
  const nameOf = nameGroupsOf(headers);
  return headers.flatMap((header): Warning[] => {
    const fate = fateOf(header.group.issuer, ended);
    if (!fate) return [];
    const { title, what, loud } = describeFate(fate, nameOf(groupId(header.group)));
    const before = loud ? 'Whoever has it may have had it before, and have put invented members into this roll.' : '';
    return [{ code: loud ? 'KEY_REVOKED' : 'KEY_REPLACED', loud, group: groupId(header.group), text: `${title} ${what} ${before}`.trim() }];
  });
}

/**
 * Groups that bear the name of one that the member joined, under another issuer's key; of those whose key has followed the one that the
 * member knows, a note. `what` names them.
 */
export function lookalikeWarnings(
  lookalikes: readonly Lookalike[],
  what: 'statement' | 'question',
  ended: readonly EndedKey[] = [],
  nameOf: NameOf = nameGroupsOf(lookalikes.map(({ header }) => header)),
): Warning[] {
  return lookalikes.map(({ membership, group, header }) => {
    const called = `This ${what} names a group called ${quote(nameOf(group))}`;
    const isNext = isSuccessor(header.group.issuer, membership.group.issuer, ended);
    return isNext
      ? { code: 'SUCCESSOR_GROUP', loud: false, group, text: `${called} under the key that has followed the one you joined with.` }
      : { code: 'LOOKALIKE_GROUP', loud: true, group, text: `${called} that is not the one you joined: it has another issuer.` };
  });
}

/** Trustees of a committee that the issuer of this roll does not recognise, and whether those alone could open every seal. */
export function trusteeWarnings(
  committee: { threshold: number; trustees: readonly TrusteeDescriptor[] },
  header: RollHeader,
  nameOf: NameOf = nameGroupsOf([header]),
): Warning[] {
  const strangers = committee.trustees.filter((trustee) => !header.trustees.includes(trustee.key));
  const warnings = strangers.map(
    (trustee): Warning => ({
      code: 'TRUSTEE_NOT_RECOGNISED',
      loud: true,
      text: `The issuer of ${quote(nameOf(groupId(header.group)))} does not recognise the trustee ${quote(trustee.name)}.`,
    }),
  );
  if (strangers.length < committee.threshold) return warnings;
  const text = 'The trustees that your issuer does not recognise are enough to read every name on their own, at any time.';
  return [...warnings, { code: 'TRUSTEES_COLLUDE', loud: true, text }];
}

/** Groups that are too small to hide anybody (T16), and those where so few are left that the rest are found by elimination (T33). */
export function crowdWarnings(
  headers: readonly RollHeader[],
  counts: Counts = new Map(),
  did: 'signed' | 'answered' = 'signed',
  nameOf: NameOf = nameGroupsOf(headers),
): Warning[] {
  return headers.flatMap((header) => {
    const group = groupId(header.group);
    const named = quote(nameOf(group));
    const where = `${named} has ${countOf(header.size, 'member', 'members')}`;
    const signed = counts.get(group) ?? 0;
    const left = header.size - signed;
    const found: Warning[] = [];
    if (header.size < ANONYMITY_FLOOR)
      found.push({ code: 'GROUP_TOO_SMALL', loud: true, group, text: `${where}. At least ${ANONYMITY_FLOOR} are needed to hide anybody.` });
    else if (header.size < ANONYMITY_COMFORT)
      found.push({ code: 'GROUP_SMALL', loud: false, group, text: `${where}. In a group this small, people may guess who ${did}.` });
    if (signed > 0 && left < ANONYMITY_FLOOR)
      found.push({
        code: 'FEW_LEFT',
        loud: true,
        group,
        text: `${signed} of the ${header.size} members of ${named} have signed. With so few left, who did and who did not can be told by elimination.`,
      });
    return found;
  });
}

/** What decides which names open, of a statement or of one that is being written. */
export type Conditions = { statement: { trigger: Trigger; together: number }; sizes: Counts };

/** Triggers that few people can fire, and those where one person with two identities could count twice. */
export function triggerWarnings({ statement: { trigger, together }, sizes }: Conditions): Warning[] {
  const least = Math.max(leastSignatures(trigger, sizes), together);
  const warnings: Warning[] = [];
  if (least < FEW)
    warnings.push({
      code: 'FEW_SIGNATURES',
      loud: true,
      text: least === 1 ? 'A single signature is enough to reveal its name.' : `${least} signatures are enough to reveal the names.`,
    });
  if (addsUp(trigger, sizes))
    warnings.push({
      code: 'GROUPS_ADD_UP',
      loud: false,
      text: 'Signatures of several groups are counted together. Somebody who belongs to two of them and keeps two identities could count twice.',
    });
  return warnings;
}

/** Waves in which names open nearly alone, and groups of which no name can ever open. SPEC §10.1. */
export function waveWarnings(together: number, headers: readonly RollHeader[], nameOf: NameOf = nameGroupsOf(headers)): Warning[] {
  const warnings: Warning[] = [];
  if (together < FEW) {
    const alone = together === 1 ? 'A name may open alone.' : `As few as ${together} names of a group may open at once.`;
    const text = `${alone} Whoever knows when a signature came in can then tell whose it was.`;
    warnings.push({ code: 'FEW_TOGETHER', loud: true, text });
  }
  for (const header of headers.filter(({ size }) => size < together))
    warnings.push({
      code: 'NEVER_OPENS',
      loud: true,
      group: groupId(header.group),
      text: `${quote(nameOf(groupId(header.group)))} has ${countOf(header.size, 'member', 'members')}, and names open ${together} or more at a time: none of its names can ever open.`,
    });
  return warnings;
}

/** Ways of admission on the word of a server that others run for the members, and who those are. SPEC §4.2. */
const SERVED: Record<number, { how: string; who: string }> = {
  2: { how: 'by work mail', who: 'whoever runs that server' },
  3: { how: 'by signing in at an organisation', who: 'whoever administers its accounts' },
  4: { how: 'by a mail sent from work', who: 'whoever runs that server' },
};

/**
 * Members who were admitted on the word of a server, such as an employer's: those who run it could stand in the roll under these names.
 * Loud where all of them together could meet the trigger with nobody else (T75). Rolls that do not say how members came are not judged.
 */
export function admissionWarnings(headers: readonly RollHeader[], { trigger, together }: Conditions['statement']): Warning[] {
  const served = new Map(headers.map((header) => [groupId(header.group), countServed(header)]));
  const nameOf = nameGroupsOf(headers);
  const loud = isTriggerMet(trigger, countTogether(served, together));
  return headers.flatMap((header) =>
    (header.admitted ?? []).flatMap(({ way, count }): Warning[] => {
      const by = SERVED[way];
      if (!by) return [];
      const members = `${count} of the ${header.size} members of ${quote(nameOf(groupId(header.group)))} ${count === 1 ? 'was' : 'were'} admitted ${by.how}`;
      const end = loud ? ', also to make this statement open' : '';
      const text = `${members}: ${by.who} could have admitted anybody in their ${count === 1 ? 'name' : 'names'}${end}.`;
      return [{ code: 'ADMITTED_BY_SERVER', loud, group: groupId(header.group), text }];
    }),
  );
}

function countServed({ admitted = [] }: RollHeader): number {
  return admitted.reduce((sum, { way, count }) => (SERVED[way] ? sum + count : sum), 0);
}

/** Whether a condition can be met by adding up signatures of different groups. */
function addsUp(trigger: Trigger, sizes: Counts): boolean {
  if ('weights' in trigger) return Object.keys(trigger.weights).length > 1;
  if ('any' in trigger) return trigger.any.some((part) => addsUp(part, sizes));
  if ('all' in trigger) return groupsOf(trigger).length > 1 || trigger.all.some((part) => addsUp(part, sizes));
  if ('atLeast' in trigger) return (trigger.atLeast > 1 && groupsOf(trigger).length > 1) || trigger.of.some((part) => addsUp(part, sizes));
  return !('group' in trigger) && sizes.size > 1;
}

/** Keys that were made on one machine: whoever made them can forge memberships. */
export function setupWarnings(provingKey: Pick<ManifestKey, 'setup'>): Warning[] {
  if (provingKey.setup === 'ceremony') return [];
  const text = 'The proving keys are development keys: whoever made them could forge signatures. Use this for trials only.';
  return [{ code: 'DEVELOPMENT_KEYS', loud: false, text }];
}
