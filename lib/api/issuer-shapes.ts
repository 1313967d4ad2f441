// SPEC §13: what the routes of issuers answer
import { z } from 'zod';
import { hex32 } from '#lib/protocol/messages/shape.ts';
import { profileShape } from './issuer-profile.ts';

const count = z.int().min(0);

export const sessionShape = z.strictObject({ issuer: z.strictObject({ id: z.string() }) });
const seconds = z.int().min(0);
export const sessionListShape = z.strictObject({
  sessions: z.array(z.strictObject({ id: z.string(), startedAt: seconds, activeAt: seconds, isThis: z.boolean() })),
});
export type SessionList = z.infer<typeof sessionListShape>;
export const profileAnswerShape = z.strictObject({ profile: profileShape.optional() });
export const groupIdShape = z.strictObject({ id: hex32 });
export const invitedShape = z.strictObject({ added: count });
export const withdrawnShape = z.strictObject({ withdrawn: count });
export const publishedShape = z.strictObject({ hash: hex32 });

export const enrolmentListShape = z.strictObject({
  enrolments: z.array(
    z.strictObject({
      ticket: hex32,
      state: z.enum(['invited', 'accepted', 'enrolled']),
      /** What the member sent, for `openEnrolment`; only while the state is `accepted`. */
      id: hex32.optional(),
      ciphertext: z.string().optional(),
    }),
  ),
});
export type EnrolmentList = z.infer<typeof enrolmentListShape>;
