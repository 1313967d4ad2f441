/** The oldest PostgreSQL that this is tried with, as `server_version_num` spells it. */
export const OLDEST_SERVER = 150_000;

/** What the server says of a connection that it does not take, by SQLSTATE, and Node and the driver of one that is not made. */
const CAUSES: Record<string, string> = {
  '28P01': 'refuses the password, or does not know the user',
  '28000': 'does not let this user in from here (see pg_hba.conf on the server)',
  '3D000': 'does not have the database that DATABASE_URL names: make it with createdb',
  '53300': 'has as many connections already as it takes: raise max_connections there, or close others',
  '53100': 'has no room left on its disk',
  '53200': 'is short of memory',
  '57P01': 'was shut down, or somebody there ended the connection',
  '57P02': 'has crashed, and starts again',
  '57P03': 'is still starting up, or shutting down: try again in a moment',
  '42501': 'does not let this user make tables: it needs the right to create schemas in this database',
  '25006': 'takes no changes: it is a standby or set to read only. DATABASE_URL must name the one that writes',
  ECONNREFUSED: 'does not answer: nothing listens on the host and port that DATABASE_URL names. Start it, or correct the two',
  ENOTFOUND: 'cannot be found: the name of the host in DATABASE_URL has no address',
  EAI_AGAIN: 'cannot be found: the name of the host in DATABASE_URL cannot be looked up at the moment',
  EHOSTUNREACH: 'cannot be reached from this machine over the network',
  ENETUNREACH: 'cannot be reached from this machine over the network',
  ENOENT: 'does not answer: there is no such socket file',
  ETIMEDOUT: 'did not answer in time: a firewall may be in between',
  CONNECT_TIMEOUT: 'did not answer in time: a firewall may be in between, or it hangs',
  CONNECTION_CLOSED: 'closed the connection at once',
  CONNECTION_ENDED: 'broke off the connection',
  CONNECTION_DESTROYED: 'broke off the connection',
  ECONNRESET: 'broke off the connection',
  EPIPE: 'broke off the connection',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a certificate that nobody known has signed (sslmode=require takes it unchecked)',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate whose root is not known here (NODE_EXTRA_CA_CERTS names one)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'shows a certificate that cannot be verified (NODE_EXTRA_CA_CERTS names a root)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name than that of the host in DATABASE_URL',
};

/** Of one that was there before: its address is right, and where `npm start` runs the database nobody has set one. */
const LOST: Record<string, string> = { ...CAUSES, ECONNREFUSED: 'does not answer: nothing listens any more where it was' };

const NO_TLS = 'does not speak TLS, which DATABASE_URL asks for: switch it on there, or take sslmode out of the address';
const TLS_ONLY = 'takes connections with TLS only: add ?sslmode=require to DATABASE_URL';

/**
 * A sentence for the operator on why a database could not be used. It never holds the address, the user or the password, and of what
 * the server said only the name of a parameter.
 */
export function explainDatabaseFailure(error: unknown, databaseUrl: string): string {
  return `The database ${findCause(error, databaseUrl)}.`;
}

/**
 * The same for a process that has worked with its database before.
 * @param code SQLSTATE, or that of Node or the driver
 * @returns undefined where the cause lies in what was asked of the database
 */
export function explainLostDatabase(code: string): string | undefined {
  return LOST[code] && `The database ${LOST[code]}.`;
}

function findCause(error: unknown, databaseUrl: string): string {
  if (!URL.canParse(databaseUrl))
    return 'address in DATABASE_URL cannot be read. In a password, characters such as @ : / ? # and % are written as %40 %3A %2F %3F %23 and %25';
  if (!/^postgres(ql)?:/.test(databaseUrl)) return 'address in DATABASE_URL must begin with postgres://';
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof code !== 'string' && cause) return findCause(cause, databaseUrl);
  const text = typeof message === 'string' ? message : '';
  if (code === '28000' && /no encryption|SSL off/.test(text)) return TLS_ONLY;
  if (asksForTls(databaseUrl) && (code === 'ECONNRESET' || code === 'CONNECTION_CLOSED' || /^ERR_SSL_/.test(String(code)))) return NO_TLS;
  const parameter = code === '42704' ? /^unrecognized configuration parameter "([a-z_.]{1,63})"$/.exec(text)?.[1] : undefined;
  if (parameter) return `does not know the parameter "${parameter}" at the end of DATABASE_URL: take it out`;
  if (code === '22023' || code === '22P02') return 'does not take the value of a parameter at the end of DATABASE_URL';
  return CAUSES[String(code)] ?? `cannot be used (${typeof code === 'string' ? code : 'no code'})`;
}

function asksForTls(databaseUrl: string): boolean {
  const { searchParams } = new URL(databaseUrl);
  const mode = searchParams.get('sslmode') ?? searchParams.get('ssl');
  return mode !== null && !['disable', 'allow', 'prefer', 'false'].includes(mode);
}

/** Of a server that is too old. @param version as `server_version_num` spells it */
export function explainOldServer(version: number): string {
  return `The database is PostgreSQL ${Math.floor(version / 10_000)}; this platform needs ${OLDEST_SERVER / 10_000} or newer.`;
}

/** Of a database whose tables other migrations have made. */
export const OTHER_SCHEMA =
  'The database holds the tables of another version of Round Robin, whose groups and statements cannot be carried over. Nothing in it was changed. Start with an empty database: name one in DATABASE_URL or, where npm start runs its own, another folder in DATA_DIR.';

/** Of a database that a newer version has changed so that this one would not work on it. */
export const NEWER_SCHEMA =
  'The database was brought further by a newer version of Round Robin than this one, which cannot work on it any more. Nothing in it was changed. Start the newer version here as well: docs/growth.md says how an upgrade goes.';
