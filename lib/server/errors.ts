import 'server-only';

/**
 * Every refusal of the platform: the HTTP status and a sentence for whoever asked. The codes are stable: clients compare them.
 * Codes of lib/protocol keep their names. SPEC §13.
 */
export const REFUSALS = {
  // requests
  NOT_JSON: [400, 'The request is not JSON as this platform reads it.'],
  BAD_SHAPE: [400, 'The request does not have the shape that this address expects.'],
  BAD_QUERY: [400, 'What stands behind the ? of the address is not complete, or means nothing here.'],
  BAD_ADDRESS: [400, 'The address holds a % that stands for no character. Copy the whole address once more.'],
  BODY_TOO_LARGE: [413, 'The request is larger than anything that belongs here.'],
  BODY_TOO_SLOW: [408, 'The request came too slowly to wait for its end. Send it again.'],
  BUSY: [503, 'The platform has more to check than it can at the moment. Nothing is lost: ask again in a few seconds.'],
  UNAVAILABLE: [503, 'The platform cannot reach its database at the moment. Nothing is lost: try again in a few seconds.'],
  INTERNAL: [500, 'Something went wrong on the platform. Try again; if it stays, tell its operator.'],
  // what is not there
  UNKNOWN_STATEMENT: [404, 'There is no statement with this id on this platform.'],
  GROUP_NOT_FOUND: [404, 'There is no group with this id on this platform.'],
  ISSUER_NOT_FOUND: [404, 'No group on this platform has an issuer with this key.'],
  ROLL_NOT_FOUND: [404, 'There is no roll with this hash on this platform.'],
  SEGMENT_NOT_FOUND: [404, 'This board has no such segment. Its index says which it has.'],
  FILE_NOT_FOUND: [404, 'There is no such file.'],
  UNKNOWN_INVITATION: [404, 'The issuer has withdrawn this invitation, or never gave it to the platform. Ask the issuer for a new one.'],
  // opening a statement
  BAD_TIMES: [400, 'The times do not fit together.'],
  BAD_TEXT: [400, 'The text of the statement cannot be accepted.'],
  BAD_COMMITTEE: [400, 'The committee of the statement cannot be accepted.'],
  BAD_PLATFORM: [400, 'The statement names another platform.'],
  BAD_ROLLS: [400, 'The rolls of the statement cannot be accepted.'],
  BAD_TRIGGER: [400, 'The trigger of the statement cannot be accepted.'],
  KEY_NOT_CURRENT: [409, 'The statement names another proving key than the current one. Load the form again.'],
  ROLL_OUTDATED: [409, 'One of the groups has published a newer roll. Open the statement again with that one.'],
  GROUP_TOO_SMALL: [409, 'A group of the statement has too few members to hide anybody.'],
  GRACE_TOO_SHORT: [400, 'The trustees of this platform need more time after the deadline than the statement gives them.'],
  STATEMENT_TOO_LARGE: [413, 'The statement is longer than 64 KB.'],
  STATEMENT_REFUSED: [
    409,
    'The operator of this platform refuses this statement; the page /moderation says why. It takes no signatures here.',
  ],
  GROUP_HIDDEN: [
    409,
    'The operator of this platform has hidden one of the groups; the page /moderation says why. Nothing new is taken that names it.',
  ],
  // who opens one
  ACCOUNTS_ONLY: [403, 'Only the issuer of this group opens statements for it.'],
  GROUP_CLOSED: [403, 'The issuer of one of the groups lets nobody else name it in statements that they open.'],
  PERMIT_WEEK: [409, 'This was made for another week. Open the statement again.'],
  SLOT_BEYOND_QUOTA: [409, 'A member of this group opens no more statements in a week. Wait until Thursday, 0:00 UTC.'],
  SLOT_USED: [409, 'You have opened another statement with this turn of yours already. Each turn of a week is good for one statement.'],
  DRAFT_REFUSED: [409, 'The issuer of the group has refused this draft.'],
  DRAFT_NOT_FOUND: [404, 'There is no such draft: it has been decided, or its time is over.'],
  POLICY_SIGNATURE: [400, 'The policy is not signed by the issuer of the group.'],
  POLICY_ORDER: [409, 'The policy does not follow the newest one of the group. Load the group again.'],
  // signatures
  OTHER_STATEMENT: [400, 'This was made for another statement.'],
  UNKNOWN_GROUP: [400, 'The statement does not name this group.'],
  BAD_POINT: [400, 'A point in the message is not on the curve.'],
  SEAL_OPEN_TO_ALL: [400, 'The name in this signature would be open to everybody. Sign again.'],
  MINIMUM_UNREACHABLE: [400, 'Fewer people than the personal minimum can sign this statement.'],
  STATEMENT_NOT_OPEN: [409, 'This statement cannot be signed: its committee has not made the key.'],
  NOT_REVEALED: [409, 'No name of this statement is open. Before its names open together, nobody can have any.'],
  STATEMENT_CLOSED: [409, 'The deadline of this statement has passed.'],
  BOARD_LOST: [
    409,
    'This platform has lost a part of the board of this statement, so its names can never open. It takes no more signatures.',
  ],
  ALREADY_SIGNED: [409, 'You have signed this statement before. One signature a person counts.'],
  NOTHING_TO_WITHDRAW: [409, 'There is no signature that this withdrawal could take back.'],
  ALREADY_WITHDRAWN: [409, 'This signature has been withdrawn before.'],
  INVALID_PROOF: [400, 'The proof does not hold for this statement.'],
  // proofs of membership
  UNKNOWN_CHALLENGE: [404, 'There is no challenge with this id on this platform, or it was erased, 30 days after its end.'],
  BAD_ASKER: [400, 'The asker’s name or keys cannot be accepted.'],
  ASKER_SIGNATURE: [400, 'The message is not signed by the asker that it names.'],
  OTHER_CHALLENGE: [400, 'This was made for another challenge.'],
  CHALLENGE_EXPIRED: [409, 'The time to answer this challenge is over.'],
  CHALLENGES_FULL: [409, 'The list of one of the groups has no place for this challenge at the moment.'],
  ANSWERS_FULL: [409, 'This platform keeps no more answers to this challenge. Send yours to the asker by another way.'],
  // trustees
  UNKNOWN_TRUSTEE: [400, 'The committee of the statement has no such trustee.'],
  TRUSTEE_SIGNATURE: [400, 'The message is not signed by the trustee that it names.'],
  MESSAGE_CONFLICT: [409, 'This trustee has sent another message of this kind before.'],
  REQUEST_NOT_FRESH: [400, 'The clocks of whoever asks and of the platform differ by more than five minutes.'],
  UNKNOWN_ROLL: [404, 'The statement does not name this roll.'],
  MIX_WAVE: [400, 'The step is not of this place of this wave.'],
  MIX_LIST: [400, 'The lists of the step are not those that it names.'],
  DESTROYED_WAVES: [400, 'The waves in the message do not rise.'],
  MESSAGE_EARLY: [409, 'This message follows others that are not on the board yet. Send it again after them.'],
  KEYING_OVER: [409, 'The time for making the key of this statement is over.'],
  UNKNOWN_CHECKPOINT: [409, 'The board has no checkpoint of this number yet.'],
  UNKNOWN_WAVE: [409, 'No final checkpoint opens this wave.'],
  STATEMENT_ENDED: [409, 'The statement has ended: nothing is opened any more.'],
  DESTROYED_EARLY: [400, 'A share may not be destroyed before the grace is over.'],
  // issuers
  NOT_SIGNED_IN: [401, 'Sign in as an issuer first.'],
  OTHER_ACCOUNT: [409, 'Since this page was opened, somebody has signed in to another account in this browser. Load the page again.'],
  TWO_COOKIES: [
    409,
    'This browser shows two sign-ins, one of which another site under the same domain has set. Delete the cookies of both, and sign in again.',
  ],
  BAD_LINK: [401, 'This sign-in link has been used before or is too old, or a newer one has taken its place. Ask for another.'],
  BAD_PASSKEY: [401, 'This passkey does not sign in here: it is not known, was removed, or its answer was used before or came too late.'],
  PASSKEY_NOT_FOUND: [404, 'You have no such passkey any more.'],
  TOO_MANY_PASSKEYS: [409, 'A clerk has at most 20 passkeys. Remove one first.'],
  CLERK_ELSEWHERE: [409, 'This address signs in another account already. Let them ask another address of yours.'],
  CLERK_NOT_FOUND: [404, 'This issuer has no such clerk any more.'],
  LAST_CLERK: [409, 'Somebody has to be left who can sign in: ask another clerk first.'],
  TOO_MANY_CLERKS: [409, 'An issuer has at most 100 clerks. Remove one first.'],
  SESSION_NOT_FOUND: [404, 'This session has ended already.'],
  NO_MAIL: [404, 'This platform sends no mails. Whoever runs it can print a link that signs you in.'],
  BAD_MAIL_ADDRESS: [400, 'This is not an e-mail address to which this platform sends mails, such as name@example.org.'],
  BAD_ORIGIN: [403, 'Requests of issuers are taken only from the pages of this platform. Open it under its own address.'],
  BAD_ISSUER_REQUEST: [401, 'The request is not signed as the requests of an issuer’s program must be.'],
  ISSUER_REQUEST_NOT_FRESH: [401, 'The signature of the request is too old or too new. Set the clock of the issuer’s program.'],
  ISSUER_REQUEST_SPENT: [409, 'This signed request has been taken before. Sign it anew.'],
  BAD_CLAIM: [400, 'The claim to the group is not signed by its issuer key, or is not fresh.'],
  BAD_GROUP: [400, 'The group cannot be accepted.'],
  GROUP_EXISTS: [409, 'Another account keeps this group, or others of its key.'],
  TOO_MANY_GROUPS: [409, 'An account keeps at most 5000 groups, those of ended keys among them. Ask whoever runs this platform.'],
  ISSUER_KEY_ENDED: [409, 'The issuer’s key of this group was replaced or revoked. Nothing new can be made with it.'],
  BAD_SUCCESSOR: [400, 'This key cannot follow that one.'],
  SUCCESSOR_CONSENT: [400, 'The successor has not agreed to follow this key.'],
  KEY_END_SIGNATURE: [400, 'The message is not signed by the key that it ends.'],
  KEY_ENDED: [409, 'This key has ended in another way already.'],
  BAD_PROFILE: [400, 'What you say of yourself cannot be shown like this.'],
  OTHER_GROUP: [400, 'The roll is for another group.'],
  TICKET_TAKEN: [409, 'One of the tickets belongs to another group.'],
  UNKNOWN_TICKET: [400, 'A ticket that the roll is said to take in has no accepted invitation.'],
  ROLL_NUMBER: [400, 'The roll is not numbered as it must be.'],
  ROLL_TRUSTEES: [400, 'The trustees in the roll are not in order.'],
  ROLL_SIGNATURE: [400, 'The roll is not signed by the issuer of the group.'],
  ROLL_LEAVES: [400, 'The leaves of the roll cannot be accepted.'],
  ROLL_ROOT: [400, 'The root of the roll does not fit its leaves.'],
  ROLL_ADMITTED: [400, 'The ways of admission in the roll do not add up.'],
  BAD_CAPSULES: [400, 'The capsules are not those of the roll.'],
  ROLL_SIZE: [400, 'The size of the roll does not fit its leaves.'],
  ROLL_TIME: [400, 'The date of the roll lies in the future, or too far back.'],
  TOO_MANY_INVITATIONS: [409, 'A group has at most 500,000 invitations, those that were used or withdrawn included.'],
  ROLL_SOON: [409, 'A group has at most 100 rolls within 24 hours, and this one has had them.'],
  ROLL_CONFLICT: [409, 'The roll does not follow the newest one of the group. Load the group again.'],
  // the setup ceremony
  NO_CEREMONY: [404, 'No setup ceremony can be joined on this platform.'],
  CEREMONY_CLOSED: [409, 'This ceremony takes no more contributions: the moment of its beacon has come.'],
  CEREMONY_FULL: [409, 'Too many people wait for their turn already. Come back later.'],
  ATTESTATION_SIGNATURE: [400, 'The attestation is not signed by the key that it names.'],
  PLACE_LOST: [410, 'This place in the queue was given up, because nothing was heard from it in time. Take a new one.'],
  NOT_YOUR_TURN: [409, 'It is not the turn of this place.'],
  // members
  ALREADY_ENROLLED: [409, 'This invitation has been answered before.'],
} as const satisfies Record<string, readonly [status: number, text: string]>;

export type Code = keyof typeof REFUSALS;

/**
 * Next bundles pages, routes and the start-up code apart, each with a copy of the class, and they hand errors to each other through the
 * context that they share. So a refusal is known by this mark, in every bundle.
 */
const MARK = Symbol.for('round-robin/AppError');

/**
 * A refusal. `instanceof` holds across bundles. `detail` holds public values only and is shown; everything else about the cause stays
 * inside.
 */
export class AppError extends Error {
  static override [Symbol.hasInstance](value: unknown): value is AppError {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  readonly [MARK] = true;
  readonly code: Code;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Bits of work (lib/api/work-stamp.ts) with which the same would be taken. */
  readonly work: number | undefined;

  constructor(code: Code, detail?: string, retryAfterSeconds?: number, work?: number) {
    super(code);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
    this.work = work;
  }

  get status(): number {
    return REFUSALS[this.code][0];
  }

  /** The sentence for whoever asked, with the detail where there is one. */
  get userText(): string {
    const text = REFUSALS[this.code][1];
    return this.detail ? `${text} (${this.detail})` : text;
  }
}

/** The value of a judgement, or its refusal as an AppError. */
export function requireOk<T>(checked: { ok: true; value: T } | { ok: false; code: Code; detail?: string }): T {
  if (checked.ok) return checked.value;
  throw new AppError(checked.code, checked.detail);
}
