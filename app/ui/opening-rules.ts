/** The rules of a group for opening statements, in words. Pure. */
import type { GroupRules } from '#lib/protocol/permit/group-policy.ts';

/** Who may open statements for a group; each sentence stands by itself. SPEC §5.11. */
export function describeRules({ opening, foreign, quota }: GroupRules): string[] {
  const often = quota === 1 ? 'one statement' : `${quota} statements`;
  const who = {
    open: `Every member, without being named, ${often} a week, and the issuer.`,
    approved: `The issuer; and every member, without being named, ${often} a week, once the issuer has read and approved the draft.`,
    accounts: 'The issuer alone.',
  }[opening];
  const others = foreign
    ? 'Members of other groups can name this one beside their own.'
    : 'Nobody else can name this group in a statement.';
  return [who, others];
}
