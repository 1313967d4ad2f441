// Reading what only the committee sees: each request is signed for this statement, this trustee and this moment
import type { CommitteeBoard, CommitteeMessages, PermitAnswer } from '#lib/api/shapes.ts';
import { type CommitteeWish, signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { TrusteeContext } from './context.ts';
import { longCall, shortCall } from './platform-calls.ts';

type Caller = Pick<TrusteeContext, 'api' | 'now'>;

export function readSealedBoard(trustee: Caller, author: Author, after: number): Promise<CommitteeBoard> {
  return trustee.api.readSealedBoard(author.context.id, sign(trustee, author, { want: 'board', after }), longCall());
}

export function readCommitteeMessages(trustee: Caller, author: Author, after: number): Promise<CommitteeMessages> {
  return trustee.api.readMessages(author.context.id, sign(trustee, author, { want: 'messages', after }), longCall());
}

export function readCapsules(trustee: Caller, author: Author, roll: Hex32): Promise<Uint8Array> {
  return trustee.api.readCapsules(author.context.id, sign(trustee, author, { want: 'capsules', roll }), longCall());
}

export function readPermit(trustee: Caller, author: Author): Promise<PermitAnswer> {
  return trustee.api.readPermit(author.context.id, sign(trustee, author, { want: 'permit' }), shortCall());
}

function sign({ now }: Caller, author: Author, wish: CommitteeWish) {
  return signCommitteeRequest(author, wish, now());
}
