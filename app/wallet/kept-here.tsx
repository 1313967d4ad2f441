import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { FactList } from '../ui/fact-list.tsx';

/** Everything that this site has left on the device, and what a finder could do with it. */
export function KeptHere({ wallet }: { wallet: Wallet }) {
  const { memberships, receipts, rolls } = wallet;
  return (
    <FactList
      facts={[
        {
          term: 'Your 24 words',
          value:
            'One secret, for all groups. Whoever reads it can sign as you and take your signatures back. What this site or a trustee holds of a statement that runs shows them, too, what you signed there; public files do not.',
        },
        {
          term: 'Memberships',
          value: `${memberships.length === 1 ? 'One, with its' : `${memberships.length}, each with its`} group, the issuer’s key and the name that is attested.`,
        },
        {
          term: 'Newest rolls',
          value:
            rolls.length === 0
              ? 'None seen yet.'
              : `Number, date and hash of the newest roll seen of ${rolls.length === 1 ? 'one group' : `${rolls.length} groups`}, so that you notice when you are shown an older one.`,
        },
        {
          term: 'Receipts',
          value:
            receipts.length === 0
              ? 'None. Nothing here shows that you have signed anything.'
              : `${receipts.length}, because you asked to keep them. They show what you have signed to whoever has your passphrase.`,
        },
        {
          term: 'How it is stored',
          value:
            'All of it encrypted with your passphrase, from the first moment on. What you delete may stay on the disk for a while, encrypted.',
        },
        {
          term: 'What the browser keeps by itself',
          value:
            'The addresses of the pages that you open, like those of any other site: that you looked at a statement, not whether you signed it. The address of an invitation holds your name. Clear the history if somebody else may read it.',
        },
      ]}
    />
  );
}
