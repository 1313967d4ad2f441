// SPEC §13: the issuer's routes as functions. Unlike the anonymous ones they know who asks: the session's cookie is sent.
import { z } from 'zod';
import { ApiError } from '../api/api-error.ts';
import { type Call, type CallOptions, type Fetch, readAnswer, request } from '../api/request.ts';
import { groupShape } from '../protocol/group.ts';
import type { Hex32 } from '../protocol/hash.ts';
import { hex32 } from '../protocol/shape.ts';
import type { signGroupClaim } from './issuer-file.ts';
import type { RollToPublish } from './make-roll.ts';

const sessionShape = z.object({ issuer: z.object({ id: z.string() }) });
const groupListShape = z.object({ groups: z.array(z.object({ id: hex32, group: groupShape })) });
const groupIdShape = z.object({ id: hex32 });
const addedShape = z.object({ added: z.int().min(0) });
const ciphertext = z.string().regex(/^([0-9a-f]{2}){41,256}$/);
const enrolmentStateShape = z.object({
  ticket: hex32,
  id: hex32.optional(),
  ciphertext: ciphertext.optional(),
  state: z.enum(['invited', 'accepted', 'enrolled']),
});
const enrolmentListShape = z.object({ enrolments: z.array(enrolmentStateShape) });
const rollHashShape = z.object({ hash: hex32 });

/** What the platform knows of an invitation; `id` and `ciphertext` while it is accepted and in no roll yet. */
export type EnrolmentState = z.infer<typeof enrolmentStateShape>;

/** The platform as seen by a signed-in issuer. Every function throws `ApiError`, or the reason of `options.signal`. */
export type IssuerApi = {
  /** Signs in with the token of a one-time link, the part behind its `#`. */
  signIn(token: string, options?: CallOptions): Promise<void>;
  signOut(options?: CallOptions): Promise<void>;
  /** The account that is signed in; null when none is. */
  getSession(options?: CallOptions): Promise<{ id: string } | null>;
  listGroups(options?: CallOptions): Promise<z.infer<typeof groupListShape>['groups']>;
  claimGroup(claim: ReturnType<typeof signGroupClaim>, options?: CallOptions): Promise<Hex32>;
  /** Idempotent. Sent in parts when there are many. */
  addTickets(group: Hex32, tickets: readonly Hex32[], options?: CallOptions): Promise<void>;
  /** Takes invitations back that nobody has used. */
  withdrawTickets(group: Hex32, tickets: readonly Hex32[], options?: CallOptions): Promise<void>;
  listEnrolments(group: Hex32, options?: CallOptions): Promise<EnrolmentState[]>;
  /** Idempotent: the same roll again is accepted again. */
  publishRoll(group: Hex32, roll: RollToPublish, options?: CallOptions): Promise<Hex32>;
};

/** As many tickets as fit into one request. */
const TICKETS_A_REQUEST = 3_000;

/** A client of the issuer's routes at `base`: its origin, or empty for a page's own. */
export function createIssuerApi(base: string, fetch: Fetch): IssuerApi {
  const send = (call: Call) => request(base, fetch, 'same-origin', { ...call, path: `/api/issuer${call.path}` });
  const sendParts = async (method: 'POST' | 'DELETE', group: Hex32, tickets: readonly Hex32[], options?: CallOptions) => {
    for (let start = 0; start < tickets.length; start += TICKETS_A_REQUEST) {
      const body = { tickets: tickets.slice(start, start + TICKETS_A_REQUEST) };
      const response = await send({ method, path: `/groups/${group}/invitations`, body, options });
      if (method === 'POST') await readAnswer(response, addedShape);
      else await response.body?.cancel();
    }
  };
  return {
    signIn: async (token, options) => {
      await (await send({ method: 'POST', path: '/session', body: { token }, options })).body?.cancel();
    },
    signOut: async (options) => {
      await (await send({ method: 'DELETE', path: '/session', options })).body?.cancel();
    },
    getSession: async (options) => {
      try {
        return (await readAnswer(await send({ path: '/session', options }), sessionShape)).issuer;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    listGroups: async (options) => (await readAnswer(await send({ path: '/groups', options }), groupListShape)).groups,
    claimGroup: async (claim, options) =>
      (await readAnswer(await send({ method: 'POST', path: '/groups', body: claim, options }), groupIdShape)).id,
    addTickets: (group, tickets, options) => sendParts('POST', group, tickets, options),
    withdrawTickets: (group, tickets, options) => sendParts('DELETE', group, tickets, options),
    listEnrolments: async (group, options) =>
      (await readAnswer(await send({ path: `/groups/${group}/enrolments`, isLong: true, options }), enrolmentListShape)).enrolments,
    publishRoll: async (group, roll, options) =>
      (await readAnswer(await send({ method: 'POST', path: `/groups/${group}/rolls`, body: roll, isLong: true, options }), rollHashShape))
        .hash,
  };
}
