import { Notice } from '#app/ui/notice.tsx';

/** The wallet has seen another roll under the number of the one that is meant: the issuer has signed two. `act` is what not to do. */
export function ForkedRoll({ of, act }: { of: 'statement' | 'question'; act: 'sign' | 'answer' | 'open it' }) {
  return (
    <Notice
      kind="error"
      title={`The roll of this ${of} is not the one of that number that you have seen.`}
      lost="Nothing was sent."
      todo={`Do not ${act}. Its issuer has signed two different rolls: tell other members, by another way than this site.`}
      code="ROLL_FORKED"
    />
  );
}
