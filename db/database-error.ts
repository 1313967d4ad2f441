import { DrizzleQueryError } from '#db/drizzle.cjs';

/** Of Node and of the driver: the server cannot be reached, fell silent, or let go. */
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT'],
  ...['CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED'],
]);
/** SQLSTATEs, or their first two digits: no connection, no right to one, no room, shutting down or starting, too slow, in each other's way, a standby. */
const UNABLE = /^(08|28|53|57|58|25006|25P03|40001|40P01|55P03|3D000)/;

/**
 * What went wrong in the database, without a word of what was asked of it: errors of the driver hold the statement, its parameters and
 * the values of rows, and whoever catches one by surprise writes it into a log.
 */
class DatabaseError extends Error {
  /** SQLSTATE, or the code of a failed connection. */
  readonly code: string | undefined;
  /** Which rule of the schema refused. */
  readonly constraint: string | undefined;
  /** True when asking again later may help: the database is down, starting, full, or too slow. */
  readonly isUnavailable: boolean;

  constructor(code: string | undefined, constraint?: string) {
    super(`the database failed (${[code ?? 'no code', constraint].filter(Boolean).join(', ')})`);
    this.name = 'DatabaseError';
    this.code = code;
    this.constraint = constraint;
    this.isUnavailable = code !== undefined && (UNREACHABLE.has(code) || UNABLE.test(code));
  }
}

/** True for errors of a database that may be there again later. Told by its mark: a bundle may hold a class of its own. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'DatabaseError' && (error as Partial<DatabaseError>).isUnavailable === true;
}

/** True where a lock was not to be had in time: something else holds it for long. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && error.name === 'DatabaseError' && (error as Partial<DatabaseError>).code === '55P03';
}

type DriverError = { name?: unknown; code?: unknown; constraint_name?: unknown };

/** An error of the driver as a DatabaseError; every other one as it is. */
export function concealDriverError(error: unknown): unknown {
  const isQuery = error instanceof DrizzleQueryError;
  const { name, code, constraint_name: constraint } = ((isQuery ? error.cause : error) ?? {}) as DriverError;
  const isDriver = isQuery || name === 'PostgresError' || (typeof code === 'string' && UNREACHABLE.has(code));
  if (!isDriver) return error;
  return new DatabaseError(typeof code === 'string' ? code : undefined, typeof constraint === 'string' ? constraint : undefined);
}
