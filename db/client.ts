import postgres from 'postgres';
import { drizzle, type PostgresJsDatabase } from '#db/drizzle.cjs';
import { concealDriverError } from './database-error.ts';
import { openSocket, type SocketPlace } from './open-socket.ts';

/** The database, or a transaction in it. Whatever it fails of is a DatabaseError. */
export type Database = Omit<PostgresJsDatabase, '$client'>;
export type Connection = { db: Database; close(): Promise<void> };

const CONNECT_SECONDS = 5;
const IDLE_SECONDS = 30;
const STATEMENT_MS = 30_000;
const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * Opens a pool of connections; they are made when first needed. Nothing that is asked or answered is logged. No wait is without an
 * end: to connect 5 seconds, a statement 30, a server that says nothing any more 40.
 * @param size connections at most @param lockMs how long one of them waits for a lock; 0 for as long as a statement may take
 */
export function connect(databaseUrl: string, size = 10, lockMs = 0): Connection {
  const options = {
    max: size,
    onnotice: () => {},
    connect_timeout: CONNECT_SECONDS,
    idle_timeout: IDLE_SECONDS,
    backoff: (tries: number) => Math.min(tries / 10, 1),
    socket: (place: SocketPlace) => openSocket(place),
    connection: {
      application_name: 'round-robin',
      statement_timeout: STATEMENT_MS,
      lock_timeout: lockMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  };
  const sql = postgres(databaseUrl, options);
  return { db: conceal(drizzle(sql, { casing: 'snake_case' })), close: () => sql.end({ timeout: 5 }) };
}

type Query = Record<'execute' | 'all', (...values: unknown[]) => Promise<unknown>>;
type Session = { prepareQuery(...parts: unknown[]): Query };
type Transacting = {
  session: Session;
  transaction(work: (tx: Transacting) => Promise<unknown>, ...config: unknown[]): Promise<unknown>;
};

/** Sees to it, in this one place, that no error of the driver leaves the database or a transaction in it. */
function conceal<T>(database: T): T {
  const { session, transaction } = database as Transacting;
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (...parts) => {
    const query = prepareQuery(...parts);
    const { execute, all } = query;
    query.execute = (...values) => execute.apply(query, values).catch(rethrow);
    query.all = (...values) => all.apply(query, values).catch(rethrow);
    return query;
  };
  (database as Transacting).transaction = (work, ...config) =>
    transaction.call(database, (tx) => work(conceal(tx)), ...config).catch(rethrow);
  return database;
}

function rethrow(error: unknown): never {
  throw concealDriverError(error);
}
