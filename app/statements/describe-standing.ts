import type { StatementSummary } from '#lib/api/shapes.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';

/** How a statement stands, in a few words. */
export function describeStanding({ state, count, needed, revealed }: StatementSummary): string {
  switch (state) {
    case 'keying':
      return 'The trustees are making its key';
    case 'aborted':
      return 'Never opened';
    case 'open':
      return `${groupDigits(count)} of at least ${groupDigits(needed)} signatures`;
    case 'closed':
      return `${groupDigits(count)} signatures; the deadline has passed`;
    case 'revealed':
      return revealed === 1 ? '1 name revealed' : `${groupDigits(revealed)} signed together`;
    case 'unopened':
      return 'Enough signed; sealed for ever';
    case 'unvouched':
      return 'Ended, by the site’s word';
    case 'destroyed':
      return 'Not met in time; nobody learns who signed';
  }
}
