import type { IssuerApi } from '#lib/api/issuer-client.ts';
import { ticketOf } from '#lib/issuing/invite.ts';
import { isInvited, type RosterMember } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

const AT_ONCE = 1000;

/**
 * Hands in the tickets of people who have not replied, in parts, so that the page stays alive and can stop in between. What was
 * handed in before is passed over by the platform.
 * @param onProgress is told the share that is done, 0 to 1
 */
export async function sendTicketsInTurn(
  api: Pick<IssuerApi, 'addInvitations'>,
  group: Hex32,
  members: readonly RosterMember[],
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<void> {
  const open = members.filter((member) => !member.removed && isInvited(member));
  for (let start = 0; start < open.length; start += AT_ONCE) {
    const tickets = open.slice(start, start + AT_ONCE).map((member) => ticketOf(member.secret));
    await api.addInvitations(group, tickets, { signal });
    onProgress(Math.min(1, (start + AT_ONCE) / open.length));
  }
}
