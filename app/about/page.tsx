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
    'Whoever gets your secret can sign as you. Together with this site or a trustee they can also find what you have signed, until the statement’s time is over and it is erased. Lock your memberships with a passphrase.',
  ],
  [
    'The network.',
    'Whoever watches your line sees that you visit this site, and when. The site stores no addresses; use Tor if the visit alone could hurt you, and let time pass between joining and signing.',
  ],
  [
    'When you signed.',
    'Among those whose names open together nobody can tell who was first. But a signature that is published “at once” shows when somebody signed, and a name that opens in a later wave was not in an earlier one.',
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
    'This page was served by a computer that you have to trust while you use it. If you would rather not, sign with the program from the source instead: npm run sign.',
  ],
  [
    'The far future.',
    'If the mathematics of these seals is ever broken, copies of sealed signatures can be opened. None are public, but this site or a trustee could have kept some.',
  ],
] as const;

const KEPT = [
  [
    'Your signature',
    'Sealed, with a number that only your secret leads to. If it is never opened, this site and every trustee erase it when the statement’s time is over, a while after its deadline.',
  ],
  [
    'Your name',
    'Not here before it is public. The names of those who signed together stay public for good: others stand beside them, and copies of the record lie with anybody.',
  ],
  [
    'Your membership',
    'A hash in a list that stays, and your name under a seal until a newer list has taken its place and no statement needs it. Your issuer keeps your name and e-mail address, also after it has removed you.',
  ],
  ['Your visit', 'Nothing: no address, and nothing about your browser. Whoever watches the line still sees it.'],
  ['What is in your browser', 'Your secret and your memberships, until you delete them there, on the page Memberships.'],
  [
    'To have something erased',
    'Withdraw a signature before the names open. Ask your issuer to remove you from a group. This site cannot look you up: it does not know who you are.',
  ],
] as const;

/** How it works, who would have to conspire, what is not protected, what is kept, where the source is. Short, and without comfort. */
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
      <Section title="What is kept, and for how long" id="kept">
        <Pairs pairs={KEPT} />
        <p>
          The file docs/personal-data.md in the source has every table and file, who erases it, and what cannot be erased and why. Whoever
          runs this site, or keeps a group, answers to you for what they hold.
        </p>
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
