// What went wrong, for whoever stands before the page: what happened, and what to do
type Words = readonly [title: string, todo: string];

const WORDS = {
  FORM_EXPIRED: ['This form is too old.', 'Nothing was lost. Open the page again and send it once more.'],
  UNKNOWN_GROUP: ['There is no such group here.', 'Check the address, or begin at the first page.'],
  WRONG_METHOD: ['This page is not asked for in this way.', 'Begin at the first page, and use its links and buttons.'],
  WAY_CLOSED: ['This group does not admit in this way.', 'Choose one of the ways on the page of the group.'],
  CLERK_CODE: [
    'This code does not open the clerk’s desk.',
    'It works once, for a day. Whoever runs this program gets another with npm run issuer -- clerk-code.',
  ],
  NOT_A_CLERK: ['This page is for clerks of the issuer.', 'Sign in with a code from whoever runs this program.'],
  ROW_TAKEN: ['Somebody else was admitted in your place.', 'Tell the issuer at once: another account has been taken for yours.'],
  MARK_TAKEN: ['Your account was taken for another person before.', 'Ask the issuer: the roster leads your account to two people.'],
  NAME_TAKEN: [
    'Somebody is admitted under this name.',
    'If it is not you, add your office or constituency, so that the two can be told apart.',
  ],
  BAD_NAME: ['This name cannot be attested.', 'Use letters as they are written in an ordinary letter, with one space between words.'],
  NO_STOCK: [
    'No invitation is ready at the moment.',
    'They are made in advance, so that nobody sees from their date who came when. Come back tomorrow.',
  ],
  GIVEN_OFTEN: [
    'You were given several invitations today already.',
    'The last one is good: open it in the window that got it. Otherwise come back tomorrow, or ask the issuer.',
  ],
  ROSTER_FULL: ['The group is full.', 'Ask the issuer.'],
  STRUCK: ['The issuer has struck this person from the roster.', 'Ask the issuer, if that is a mistake.'],
  NOT_ON_ROSTER: ['The roster does not hold you.', 'Ask the issuer to put you on it.'],
  BAD_ADDRESS: [
    'This address is not one that is taken here.',
    'It must be a plain work address of your own, at one of the domains named above.',
  ],
  CODE_WRONG: ['This is not the code.', 'Look at the mail again. After five tries the code is over.'],
  CODE_OVER: ['This code is over.', 'It is good for 15 minutes and five tries, in the window that asked for it. Ask for another.'],
  OPENID_OVER: ['The sign-in took too long, or began in another window.', 'Begin again.'],
  OPENID_REFUSED: ['The sign-in service did not confirm who you are.', 'Begin again. If it stays, tell the issuer.'],
  OPENID_AWAY: ['The sign-in service does not answer.', 'Nothing was lost. Try again later.'],
  OTHER_ISSUER: ['You signed in at another service than the one that counts here.', 'Begin again, and sign in at work.'],
  OTHER_AUDIENCE: ['The sign-in was for another application.', 'Begin again here.'],
  OTHER_TENANT: ['This account belongs to another organisation.', 'Sign out there, and sign in with your account at work.'],
  GUEST: ['Guests are not admitted.', 'You need an account of your own in the organisation.'],
  NO_ROSTER_CLAIM: ['Your account says nothing that leads to the roster.', 'Tell the issuer: an administrator has to set it.'],
  WORDS_OVER: [
    'These words are over.',
    'They are good for a day and one try that succeeds, in the window that drew them. Draw others and send another mail.',
  ],
  HEADER_TOO_LONG: ['This is longer than the header of a mail.', 'Choose the mail that you received as a file, or paste its header only.'],
  NOT_A_HEADER: [
    'This is not the header of a mail.',
    'Save the received mail as a file (.eml), or copy what your mail program calls source or headers.',
  ],
  FIELDS_REPEATED: [
    'The mail has no From, Subject or Date, or one of them twice.',
    'Send a fresh mail from your work address, and take the whole of it.',
  ],
  BAD_FROM: ['The sender is not one plain address.', 'Send the mail from your own work address, not on behalf of another.'],
  ROLE_ADDRESS: ['Addresses that several people may use are not taken.', 'Send the mail from an address that is yours alone.'],
  OTHER_SUBJECT: [
    'The subject is not exactly the four words.',
    'Send a new mail, no reply and no forwarding, with the four words as the whole subject.',
  ],
  BAD_DATE: [
    'The mail was not sent since the words were drawn.',
    'Send a new mail now. If the clock of your computer is wrong, set it first.',
  ],
  DOMAIN_UNKNOWN: ['Mails of this domain are not taken here.', 'Send it from an address at one of the domains named above.'],
  NOT_SIGNED: [
    'The mail bears no signature of its server.',
    'It was sent inside one house, or signed by none. Send it to a private address elsewhere, or choose another way.',
  ],
  TOO_MANY_SIGNATURES: ['The mail bears more than five signatures.', 'Send it directly, through no list and no forwarding.'],
  SIGNATURE_MALFORMED: ['The signature of the mail cannot be read.', 'Take the mail as it was received, unchanged.'],
  SIGNATURE_WEAK: ['The signature of the mail is too weak to be believed.', 'Choose another way, and tell the issuer.'],
  FIELDS_UNSIGNED: ['The signature leaves out From, Subject or Date.', 'Choose another way, and tell the issuer.'],
  SIGNATURE_IDENTITY: ['The signature is for another address than the sender’s.', 'Send the mail from your own address.'],
  SIGNATURE_TIME: ['The signature is too old, or has expired.', 'Send a new mail now.'],
  SIGNER_UNKNOWN: [
    'The mail is not signed by the server of its domain.',
    'Many customers share such a signer, so it says nothing of who sent it. Choose another way, and tell the issuer.',
  ],
  KEY_UNUSABLE: [
    'The key of the signature does not stand in DNS as it must.',
    'It was taken away, changed or is a test. Send a new mail; if it stays, tell the issuer.',
  ],
  SIGNATURE_WRONG: ['The header is not what the server signed.', 'It was changed on its way. Take the mail as it was received.'],
  DNS_FAILED: ['The key of the signature could not be looked up.', 'Nothing was lost: send the same mail again in a few minutes.'],
  OLDER_COPY: [
    'Nobody is admitted at the moment.',
    'This program was put back from an older copy and has to be told to go on. Tell the issuer, and come back later.',
  ],
  MAIL_WAITS: [
    'Too many mails wait to be sent.',
    'The mail server is slow or away, and nothing was sent to you. Try again in an hour, or choose another way.',
  ],
  BUSY: ['Too much is asked of this program at the moment.', 'Wait a while and try again.'],
} as const satisfies Record<string, Words>;

export type RefusalCode = keyof typeof WORDS;

export function describeRefusal(code: RefusalCode): { title: string; todo: string } {
  const [title, todo] = WORDS[code];
  return { title, todo };
}
