import type { IssuerLog } from '#lib/api/issuer-shapes.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';

/** What a clerk changed, in words. @param names of groups by their ids, as far as this browser knows them */
export function describeChange({ action, group, count = 0 }: IssuerLog['entries'][number], names: ReadonlyMap<Hex32, string>): string {
  const known = group === undefined ? undefined : names.get(group);
  const of = known === undefined ? `the group ${group?.slice(0, 8)}…` : quote(known);
  const invitations = count === 1 ? 'One invitation' : `${groupDigits(count)} invitations`;
  switch (action) {
    case 'group-claimed':
      return `Made ${of}`;
    case 'invitations-added':
      return `${invitations} to ${of} added`;
    case 'invitations-withdrawn':
      return `${invitations} to ${of} withdrawn`;
    case 'roll-published':
      return `Roll ${count} of ${of} published`;
    case 'profile-saved':
      return 'Public page changed';
    case 'key-replaced':
      return 'Signing key replaced by a successor';
    case 'key-revoked':
      return 'Signing key revoked';
    case 'policy-published':
      return `Rules for who opens statements for ${of} changed`;
    case 'draft-approved':
      return `A draft for ${of} approved`;
    case 'draft-refused':
      return `A draft for ${of} refused`;
    case 'clerk-asked':
      return `Clerk ${count} asked`;
    case 'clerk-joined':
      return `Clerk ${count} joined`;
    case 'passkey-added':
      return 'Passkey added';
    case 'passkey-removed':
      return 'Passkey removed';
    case 'clerk-removed':
      return `Clerk ${count} removed`;
  }
}
