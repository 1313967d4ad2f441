import { ApiError } from '#lib/api/api-error.ts';
import type { Api } from '#lib/api/client.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkName } from '#lib/protocol/member/name.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { parseGroupLink } from '#lib/signing/group-link.ts';
import { findInCurrentRoll, type RollFinding } from './find-in-roll.ts';

/** `isFirst`: the wallet had seen no roll of the group, so it cannot tell an older roll from the newest. */
export type BroughtBack = Checked<{ membership: Membership; header: RollHeader; isFirst: boolean }>;

/**
 * Looks for a member whose words are known in the newest roll of a group, all of which is fetched. The link pins the issuer's key.
 * The name counts in normal form C. @returns a sentence for the person as the detail of a refusal
 */
export async function bringBack(
  api: Pick<Api, 'getGroup' | 'getLeaves' | 'getNames'>,
  wallet: Wallet,
  { link, name, platform }: { link: string; name: string; platform: string },
): Promise<BroughtBack> {
  const linked = parseGroupLink(link);
  if (!linked.ok) return refuse('BAD_LINK', 'This is not the link of a group’s page: it ends with /groups/ and 64 letters and digits.');
  const { group: id, origin } = linked.value;
  if (origin !== null && origin !== platform) return refuse('OTHER_SITE', `This group is kept at ${origin}: bring it back there.`);
  const attested = checkName(name.normalize('NFC').trim());
  if (!attested.ok) return refuse('BAD_NAME', 'This cannot be a name that an issuer has attested.');
  try {
    const { group } = await api.getGroup(id, { most: 1 });
    if (groupId(group) !== id) return refuse('BAD_GROUP', 'What this site calls the group is another one.');
    const membership = { group, name: attested.value, platform };
    return describe(await findInCurrentRoll(api, wallet, membership), membership);
  } catch (error) {
    if (ApiError.is(error, 'GROUP_NOT_FOUND')) return refuse('GROUP_NOT_FOUND', 'This site does not know the group.');
    if (error instanceof ApiError) return refuse(error.code, error.message);
    throw error;
  }
}

function describe(finding: RollFinding, membership: Membership): BroughtBack {
  switch (finding.kind) {
    case 'found':
      return accept({ membership, header: finding.header, isFirst: finding.isFirst });
    case 'nameless':
      return refuse('CAPSULE_MISSING', 'The roll holds you, but not your sealed name. Tell the issuer, who has to publish another roll.');
    case 'absent':
      return refuse(
        'NOT_IN_ROLL',
        `Roll ${finding.header.number} does not hold you under this name. Look at every letter; if you joined after it was published, wait for the next one.`,
      );
    case 'older':
      return refuse('OLDER_ROLL', `This site shows roll ${finding.header.number}, and you have seen a newer one.`);
    case 'forked':
      return refuse('ROLL_FORKED', 'This site shows another history of the group than you have seen. Tell the issuer.');
    case 'no-roll':
      return refuse('NO_ROLL', 'The issuer has not published a roll yet.');
    case 'unreachable':
      return refuse('UNREACHABLE', finding.message);
    default:
      return refuse('BROKEN', 'What this site calls the roll was not signed by the issuer of the group.');
  }
}
