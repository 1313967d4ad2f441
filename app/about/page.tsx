import type { Metadata } from 'next';
import { PageHead, Section } from '../ui/page-parts.tsx';
import { StepList } from '../ui/steps.tsx';
import css from './about.module.css';

export const metadata: Metadata = { title: 'How it works' };

const STEPS = [
  {
    key: 'issuer',
    title: 'An issuer knows people',
    text: 'An organisation that can tell who somebody is keeps a group: its members, a newsroom, a faculty. It invites each person with a link that holds the name it vouches for. It never gets the secret that makes you able to sign, and this site never gets the names.',
  },
  {
    key: 'statement',
    title: 'Somebody writes a statement',
    text: 'With a text, a deadline and a condition: “50 of us”, “5 from each ward”. Text, condition, groups and trustees become one hash. Change a comma and it is another statement.',
  },
  {
    key: 'key',
    title: 'Trustees make a key that none of them has',
    text: 'Each holds one share of a key made for this statement alone. So many of them as the statement says can open a seal together; fewer learn nothing.',
  },
  {
    key: 'sign',
    title: 'Members sign, and nobody sees who',
    text: 'Your browser puts your name under a seal and proves, without showing anything else, that it is the name of a member and that this member has not signed before.',
  },
  {
    key: 'reveal',
    title: 'Enough have signed: all names at once',
    text: 'The trustees open the seals together. The names stand in a circle, and nobody was first.',
  },
  {
    key: 'destroy',
    title: 'Or too few: nothing, ever',
    text: 'After the deadline the trustees destroy their shares. What was sealed stays sealed.',
  },
];

const CONSPIRACIES = [
  ['To read your name before its time', 'As many trustees as the statement needs for opening. Neither this site nor any issuer can.'],
  ['To sign in your name', 'Your issuer, by admitting a second “you”; or whoever has your device. This site cannot.'],
  ['To count somebody twice', 'One person who keeps two secrets and is a member of two groups. Pages warn where that could matter.'],
  ['To drop or hide your signature', 'This site can, but not unseen: you hold its signed receipt, and the trustees vouch for every batch.'],
  ['To change a statement after you signed', 'Nobody. Your signature is bound to its hash.'],
  [
    'To invent signatures out of nothing',
    'Everybody who took part in making the proving keys, all together. With development keys that is a single person; a line at the top of each page says so.',
  ],
] as const;

const UNPROTECTED = [
  [
    'Trustees who break their word together.',
    'As many as it takes to open the seals could open them early, and nobody would notice. Choose trustees who would not trust each other.',
  ],
  [
    'An issuer who lies.',
    'It can admit people who do not exist, or sign in the name of one who does. It shows when the names open, and cannot be taken back.',
  ],
  [
    'Destruction is a promise.',
    'It is signed and public, not proven. A trustee that keeps a copy breaks it silently, though fewer copies than it takes open nothing.',
  ],
  [
    'Your device.',
    'Whoever gets your secret can sign as you, and can find out which statements you have signed, even after the key is destroyed. Lock your memberships with a passphrase.',
  ],
  [
    'The network.',
    'Those who watch the line see that you visit this site and when. The site stores no addresses, but use Tor if the visit alone could hurt you, and let time pass between joining and signing.',
  ],
  [
    'When you signed.',
    'Order is hidden only within what is published together. After the reveal everybody can see in which batch each name was. “At once” can mean a batch of one.',
  ],
  [
    'Small groups.',
    'In a group of eight, people guess. Where nearly everybody has signed, or all but one are named, the rest are known by elimination. A group filled with invented people hides nobody.',
  ],
  [
    'Being asked alone.',
    'A proof of membership hides you among the others who are asked. Face to face, or by a link that only you were given, it names you. Whoever forces you can make you show which proof is yours.',
  ],
  [
    'A hostile site.',
    'This page was served by a computer that you have to trust while you use it. Who does not, signs with the program from the source instead: npm run sign.',
  ],
  ['The far future.', 'If the mathematics of these seals is ever broken, archived boards can be opened.'],
] as const;

/** How it works, who would have to conspire, what is not protected, where the source is. Short, and without comfort. */
export default function About() {
  return (
    <>
      <PageHead
        title="How it works"
        lead="Sailors who petitioned their captain signed in a circle, so that nobody could tell who had signed first. This is that circle, drawn with mathematics: people sign together, or nobody is seen to have signed at all."
      />
      <Section title="From one end to the other">
        <StepList steps={STEPS} />
      </Section>
      <Section title="Who would have to conspire" id="conspire">
        <Pairs pairs={CONSPIRACIES} />
      </Section>
      <Section title="What this does not protect you from" id="not-protected">
        <Pairs pairs={UNPROTECTED} />
      </Section>
      <Section title="Source code" id="source">
        <p>
          All of it is free software under the GNU Affero General Public License, version 3 or later: whoever runs this site has to give you
          the source that it runs. Ask them for it. SPEC.md in it says byte for byte what every message is, and THREAT-MODEL.md says at
          length what this page says in short.
        </p>
      </Section>
    </>
  );
}

function Pairs({ pairs }: { pairs: readonly (readonly [string, string])[] }) {
  return (
    <dl className={css.list}>
      {pairs.map(([title, text]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
