// What an issuer decides about its agent: one file, read at the start

import { z } from 'zod';
import { parseAddress } from '#lib/api/mail-address.ts';
import { isMailServer } from '#lib/host/mail-transport.ts';
import { PUBLIC_ORIGIN, parsePublicOrigin } from '#lib/host/public-origin.ts';
import { findHostileFault, WAYS } from '#lib/issuing/ways.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { hex32, plainText, positive } from '#lib/protocol/messages/shape.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';
import { isResolver } from './resolver.ts';

const DAY = 86_400;
const domain = z.string().refine((text) => parseAddress(`a@${text}`)?.domain === text, 'expected a domain in lower case, in ASCII');
const address = z.string().refine((text) => parseAddress(text) !== null, 'expected one e-mail address');
/** One line that people read on pages and in mails. */
const shownLine = (longest: number) =>
  plainText(longest)
    .refine((text) => !/[\r\n]/.test(text), 'expected one line')
    .refine((text) => findDeceptive(text) === null, 'it holds what nobody can see, or what rearranges the text around it');
const resolver = z.string().refine(isResolver, 'expected the address of a resolver, such as 192.0.2.1 or 192.0.2.1:53');
/** Claims that people can change themselves, so that they say nothing about who somebody is. */
const CHANGEABLE = ['email', 'name', 'nickname', 'preferred_username', 'given_name', 'family_name', 'profile', 'phone_number'];

const wayShape = z.discriminatedUnion('way', [
  z.strictObject({ way: z.literal(WAYS.invitation) }),
  z.strictObject({ way: z.literal(WAYS.workCode), domains: z.array(domain).min(1).max(50) }),
  z.strictObject({
    way: z.literal(WAYS.openId),
    /** The exact `iss` of the provider. */
    issuer: z.url().max(500),
    clientId: z.string().min(1).max(500),
    /** The file with the client's secret; without it the client is public. */
    clientSecretFile: z.string().min(1).optional(),
    /** The claim that names the tenant, such as `tid` or `hd`, and the one value that is taken. Left out for a provider of one tenant. */
    tenant: z.strictObject({ claim: z.string().min(1).max(100), value: z.string().min(1).max(500) }).optional(),
    /** The claim, set by an administrator, that holds the address under which a person stands on the roster. */
    rosterClaim: z
      .string()
      .min(1)
      .max(100)
      .refine((name) => !CHANGEABLE.includes(name), 'people can change this claim themselves'),
    /** Only for a provider on this machine. */
    allowHttp: z.boolean().optional(),
  }),
  z.strictObject({
    way: z.literal(WAYS.workMail),
    /** From which domain, and by which signer (`d=`), a mail is believed. */
    pairs: z
      .array(z.strictObject({ from: domain, signer: domain }))
      .min(1)
      .max(50),
  }),
  z.strictObject({ way: z.literal(WAYS.inPerson) }),
]);
export type WaySettings = z.infer<typeof wayShape>;

const groupSettingsShape = z.strictObject({
  name: z.string().min(1),
  /** What is attested: what the roster says, the address, or what somebody types with the domain behind it. */
  names: z.enum(['roster', 'address', 'typed']).default('roster'),
  ways: z.array(wayShape).min(1).max(5),
  /** The employer's domains: no invitation goes there. */
  employerDomains: z.array(domain).max(50).default([]),
  isEmployerHostile: z.boolean().default(false),
  trustees: z.array(hex32).max(64).default([]),
  aliases: z
    .array(z.strictObject({ alias: address, address }))
    .max(10_000)
    .default([]),
  /** Rolls come out at multiples of so many seconds since 1970, whoever came when. */
  publishSeconds: positive.max(90 * DAY).default(DAY),
  /** How long an invitation is good once somebody has it. */
  invitationSeconds: positive.max(365 * DAY).default(14 * DAY),
  /** Invitations that the platform knows before anybody needs them. */
  stock: positive.max(10_000).default(100),
});
export type GroupSettings = z.infer<typeof groupSettingsShape>;

const settingsShape = z.strictObject({
  /** The origin under which browsers and the platform itself know the platform. */
  platform: z.url().max(300),
  /** The origin under which browsers reach this agent. */
  origin: z.url().max(300),
  issuerName: shownLine(200),
  /** How people reach the issuer when something does not work. */
  contact: shownLine(300),
  listen: z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) }).default({ host: '127.0.0.1', port: 4600 }),
  /** Without it no mail is sent: neither codes nor invitations. */
  smtp: z.strictObject({ url: z.string().refine(isMailServer, 'expected an smtp:// or smtps:// address'), from: address }).optional(),
  /** Resolvers for keys of mail servers, IP:PORT; those of the machine without it. */
  resolvers: z.array(resolver).min(1).max(8).optional(),
  groups: z.array(groupSettingsShape).min(1).max(100),
});
export type AgentSettings = z.infer<typeof settingsShape>;

/** Reads the settings. A group whose employer is hostile admits by ways 1 and 5 alone, and needs its employer's domains. */
export function parseAgentSettings(text: string): Checked<AgentSettings, 'BAD_SETTINGS'> {
  const json = parseJson(text);
  if (!json.ok) return refuse('BAD_SETTINGS', 'the settings are not JSON');
  const read = settingsShape.safeParse(json.value);
  const [issue] = read.error?.issues ?? [];
  if (!read.success) return refuse('BAD_SETTINGS', `${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message}`);
  const fault = findFault(read.data);
  return fault ? refuse('BAD_SETTINGS', fault) : accept(read.data);
}

function findFault({ groups, smtp, origin, platform }: AgentSettings): string | null {
  for (const [what, url] of [
    ['origin', origin],
    ['platform', platform],
  ] as const)
    if (parsePublicOrigin(url) !== url) return `"${what}" must be ${PUBLIC_ORIGIN}, and without a slash at its end`;
  if (new Set(groups.map(({ name }) => name)).size < groups.length) return 'two groups have one name';
  for (const group of groups) {
    const kinds = group.ways.map(({ way }) => way);
    if (new Set(kinds).size < kinds.length) return `${quote(group.name)} has one way twice`;
    const hostile = group.isEmployerHostile ? findHostileFault(kinds, group.employerDomains) : null;
    if (hostile) return `${quote(group.name)} ${hostile}`;
    if (kinds.includes(WAYS.workCode) && !smtp) return `${quote(group.name)} sends codes, which needs "smtp"`;
    if (kinds.includes(WAYS.openId) && group.names !== 'roster')
      return `${quote(group.name)} admits by OpenID Connect, so its names come from the roster`;
    if (kinds.includes(WAYS.workMail) && group.names !== 'roster')
      return `${quote(group.name)} admits by mail, so its names come from the roster`;
  }
  return null;
}

/** The settings of a way of a group, if it is open. */
export function wayOf<W extends WaySettings['way']>(group: GroupSettings, way: W): Extract<WaySettings, { way: W }> | null {
  return (group.ways.find((one) => one.way === way) as Extract<WaySettings, { way: W }> | undefined) ?? null;
}
