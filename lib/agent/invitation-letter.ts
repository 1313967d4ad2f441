import { quote } from '#lib/protocol/messages/quote.ts';
import type { AgentSettings, GroupSettings } from './settings.ts';

/** A mail with an invitation, to a private address only: it names the group, and whoever reads it first can join. */
export function writeInvitationLetter({ issuerName, contact }: AgentSettings, { name }: GroupSettings, link: string) {
  const lines = [
    `${issuerName} invites you to join ${quote(name)}.`,
    link,
    'The link is for you alone and admits once: who answers first with the whole link is admitted in your name. Opening it does nothing yet, only the button there joins.',
    'Open it on a device of your own, not of your employer’s.',
    `Questions: ${contact}`,
  ];
  return { subject: `Your invitation to ${name}`.replace(/[\r\n]+/g, ' '), text: `${lines.join('\n\n')}\n` };
}
