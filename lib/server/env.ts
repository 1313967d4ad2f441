import 'server-only';
import { z } from 'zod';
import { findTextFault } from '#lib/api/plain-text.ts';
import { type LogFormat, parseLogFormat } from '#lib/host/log.ts';
import { isMailServer } from '#lib/host/mail-transport.ts';
import { type ListenPlace, readListenPlace } from '#lib/host/measurements.ts';
import { isOnionOrigin, PUBLIC_ORIGIN, parsePublicOrigin } from '#lib/host/public-origin.ts';
import { listOldKeyFiles } from '#lib/host/read-seed.ts';
import { CONTACT_BOUNDS } from './operator.ts';

export type Env = {
  production: boolean;
  databaseUrl: string;
  /** Seals the issuer's session cookie. */
  sessionSecret: string;
  /** File with the platform's Ed25519 signing key. */
  platformKeyFile: string;
  /** Files with the keys that it followed, the newest first: statements keep the key under which they were opened. */
  oldKeyFiles: readonly string[];
  /** JSON array of trustees' descriptors {name, contact, key}; without it no statement can be opened. */
  trusteesFile: string | undefined;
  /** Origin under which browsers reach the platform, without a slash at the end. */
  publicUrl: string;
  /** Origin of an onion service that leads to the same platform. */
  onionUrl: string | undefined;
  /** All trustees run on this machine: every page that shows a committee says so. */
  trial: boolean;
  /** The operator has said that proofs under development keys are good enough. */
  acceptDevKeys: boolean;
  /** Seconds of grace below which the suggested trustees take no part. */
  graceMargin: number;
  /** Who gets an account by signing in: anybody, whom the operator has approved, or nobody new. */
  newIssuers: NewIssuers;
  /** The mail server that sends sign-in links; without it a trial keeps them in a box of its own, and others send none. */
  mail: MailSettings | undefined;
  /** The running setup ceremony that this platform lets people join; without it the page only explains. */
  ceremony: CeremonySettings | undefined;
  /** Where Prometheus reads what this process counts; without it nothing listens. */
  metrics: ListenPlace | undefined;
  /** How whoever runs the platform is reached, in one line; shown on every page. */
  operatorContact: string | undefined;
  /** Plain text of who runs the platform, for its own page. */
  imprintFile: string | undefined;
};

export type NewIssuers = 'anybody' | 'approved' | 'closed';

export type MailSettings = {
  /** smtp:// or smtps:// address, with user and password where the server asks for them. */
  url: string;
  /** What stands in From. */
  from: string;
};

export type CeremonySettings = {
  /** A folder that `npm run ceremony -- prepare` has made. */
  folder: string;
  /** Seconds without a sign of life after which a place is given up: of those who wait, and of who is called and does not begin. */
  absentSeconds: number;
  /** Seconds from beginning to bringing the new key. */
  turnSeconds: number;
};

const DAY = 86_400;
const required = (problem: string) => z.string({ error: problem }).min(1, problem);
const optional = z
  .string()
  .optional()
  .transform((value) => value || undefined);
const flag = z
  .enum(['0', '1', ''], { error: 'must be 1 or 0' })
  .optional()
  .transform((value) => value === '1');

const seconds = optional.refine((value) => value === undefined || /^(0|[1-9]\d{0,7})$/.test(value), 'must be a whole number of seconds');

const EnvSchema = z
  .object({
    NODE_ENV: optional,
    DATABASE_URL: required('must be a postgres:// address').regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address'),
    SESSION_SECRET: required('must be at least 32 characters').min(32, 'must be at least 32 characters'),
    PLATFORM_KEY_FILE: required("must name the file with the platform's signing key"),
    PLATFORM_OLD_KEY_FILES: optional,
    TRUSTEES_FILE: optional,
    PUBLIC_URL: required('must be the https:// address of this platform').transform((text, context) => {
      const origin = parsePublicOrigin(text);
      if (origin) return origin;
      context.addIssue({ code: 'custom', message: `must be ${PUBLIC_ORIGIN}` });
      return z.NEVER;
    }),
    ONION_URL: optional.refine((value) => value === undefined || isOnionOrigin(value), 'must be the http:// address of an onion service'),
    TRIAL: flag,
    ACCEPT_DEV_KEYS: flag,
    GRACE_MARGIN_SECONDS: seconds,
    ISSUERS: z
      .enum(['anybody', 'approved', 'closed', ''], { error: 'must be anybody, approved or closed' })
      .optional()
      .transform((value) => value || undefined),
    SMTP_URL: optional.refine((value) => value === undefined || isMailServer(value), 'must be an smtp:// or smtps:// address'),
    SMTP_FROM: optional,
    CEREMONY_FOLDER: optional,
    CEREMONY_ABSENT_SECONDS: seconds,
    CEREMONY_TURN_SECONDS: seconds,
    OPERATOR_CONTACT: optional.transform((text, context) => {
      const fault = text === undefined ? null : findTextFault(text, CONTACT_BOUNDS);
      if (fault !== null) context.addIssue({ code: 'custom', message: fault });
      return text;
    }),
    IMPRINT_FILE: optional,
    METRICS: optional.refine((value) => value === undefined || readListenPlace(value), 'must be PORT or HOST:PORT'),
  })
  .refine(({ SMTP_URL, SMTP_FROM }) => !SMTP_URL === !SMTP_FROM, {
    path: ['SMTP_FROM'],
    error: 'and SMTP_URL are set together or not at all',
  });

/**
 * Reads the settings of the web process.
 * @throws Error that names every variable that is missing or wrong, never a value: some are secret.
 */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const parsed = EnvSchema.safeParse(variables);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new Error(`The settings of the platform are not complete:\n${problems.join('\n')}`);
  }
  const env = parsed.data;
  return {
    production: env.NODE_ENV === 'production',
    databaseUrl: env.DATABASE_URL,
    sessionSecret: env.SESSION_SECRET,
    platformKeyFile: env.PLATFORM_KEY_FILE,
    oldKeyFiles: listOldKeyFiles(env.PLATFORM_OLD_KEY_FILES),
    trusteesFile: env.TRUSTEES_FILE,
    publicUrl: env.PUBLIC_URL,
    onionUrl: env.ONION_URL,
    trial: env.TRIAL,
    acceptDevKeys: env.ACCEPT_DEV_KEYS,
    graceMargin: Number(env.GRACE_MARGIN_SECONDS ?? DAY),
    newIssuers: env.ISSUERS ?? (env.TRIAL ? 'anybody' : 'approved'),
    mail: env.SMTP_URL && env.SMTP_FROM ? { url: env.SMTP_URL, from: env.SMTP_FROM } : undefined,
    ceremony: env.CEREMONY_FOLDER
      ? {
          folder: env.CEREMONY_FOLDER,
          absentSeconds: Number(env.CEREMONY_ABSENT_SECONDS ?? 120),
          turnSeconds: Number(env.CEREMONY_TURN_SECONDS ?? 1_200),
        }
      : undefined,
    operatorContact: env.OPERATOR_CONTACT,
    imprintFile: env.IMPRINT_FILE,
    metrics: (env.METRICS && readListenPlace(env.METRICS)) || undefined,
  };
}

/** How this process writes its log: known also where other settings are wrong. @throws Error as parseLogFormat */
export function readLogFormat(): LogFormat {
  return parseLogFormat(process.env.LOG_FORMAT);
}

let settings: Env | undefined;

/** The settings of this process, read at the first call. @throws Error as parseEnv */
export function getEnv(): Env {
  settings ??= parseEnv(process.env);
  return settings;
}

/**
 * Refuses to serve in earnest on keys that one developer made alone: whoever made them can forge every proof.
 * @param entries the accepted entries of circuits/artifacts/manifest.json
 * @throws Error when one of them has the setup `dev` in production and the operator has not said ACCEPT_DEV_KEYS=1
 */
export function assertSetupAccepted(env: Pick<Env, 'production' | 'acceptDevKeys'>, entries: Iterable<{ setup: string }>): void {
  if (!env.production || env.acceptDevKeys) return;
  for (const { setup } of entries) {
    if (setup !== 'dev') continue;
    throw new Error(
      'The proving keys are development keys: whoever made them can forge signatures. Run a ceremony, or set ACCEPT_DEV_KEYS=1 for a trial.',
    );
  }
}
