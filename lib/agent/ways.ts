// What the pages of each way of admission say, and who notices what
import type { Way } from '#lib/issuing/ways.ts';

/** What each party notices when somebody is admitted in a way. Every page of a way shows all four. */
export type Notices = { issuer: string; platform: string; employer: string; provider: string };

export type WayWords = { title: string; lead: string; notices: Notices };

const PLATFORM =
  'That one of many invitations was answered, from which address of the network and when. Not by whom, and not in which way.';

export const WAY_WORDS: Readonly<Record<Way, WayWords>> = {
  1: {
    title: 'By an invitation to a private address',
    lead: 'The issuer sends you a link, by mail to an address of your own or on paper. It admits once.',
    notices: {
      issuer: 'Your name and the address to which it wrote, and whether the invitation was answered.',
      platform: PLATFORM,
      employer: 'Nothing, as long as neither the address nor the device is your employer’s.',
      provider:
        'Your mail provider sees a mail with the link. Whoever opens the link before you is admitted in your place: you would be told here.',
    },
  },
  2: {
    title: 'By a code to your work address',
    lead: 'We send eight characters to your work address, and you type them here.',
    notices: {
      issuer: 'Your work address, and that it was yours today.',
      platform: PLATFORM,
      employer: 'Your employer’s mail server sees that a code came, and from which address it was sent.',
      provider: 'The same: a work mailbox is your employer’s. Whoever runs that server could read the code, and be admitted in your name.',
    },
  },
  3: {
    title: 'By signing in at work',
    lead: 'You sign in as you do at work, and come back here.',
    notices: {
      issuer: 'The identifier that the sign-in service has for you in this application, and what the roster says of it. No password.',
      platform: PLATFORM,
      employer: 'The administrator of the domain can see that you signed in to this application, and when.',
      provider: 'Whoever runs the sign-in service sees the same, and could sign in as you.',
    },
  },
  4: {
    title: 'By a mail that you send from work',
    lead: 'You send four words from your work address to a private address of your own, and show us the received mail.',
    notices: {
      issuer: 'Your work address, and the signature of its server under your mail. What is read here is erased after the verdict.',
      platform: PLATFORM,
      employer:
        'Your employer’s server keeps a record of one ordinary mail to that address. A colleague whom your server lets write in your name, or who talks you into sending these words, could pose as you. Administrators always can.',
      provider: 'Your private provider sees one ordinary mail from work with four words as its subject.',
    },
  },
  5: {
    title: 'In person',
    lead: 'You meet somebody of the issuer, who knows you or looks at your papers, and scan a code with your own phone.',
    notices: {
      issuer: 'Your name, and that you stood there.',
      platform: PLATFORM,
      employer: 'Nothing.',
      provider: 'Nothing: no mail is sent.',
    },
  },
};

/** In the order in which pages offer them: what the employer does not notice comes first. */
export const OFFERED: readonly Way[] = [5, 1, 4, 2, 3];
