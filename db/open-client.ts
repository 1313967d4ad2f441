import postgres from 'postgres';
import { openSocket, type SocketPlace } from './open-socket.ts';

const CONNECT_SECONDS = 5;

/** A single connection for work that may take as long as it takes: a migration, a backup. Nothing of it is logged. */
export function openClient(databaseUrl: string): postgres.Sql {
  const options = { max: 1, onnotice: () => {}, connect_timeout: CONNECT_SECONDS, socket: (place: SocketPlace) => openSocket(place, 0) };
  return postgres(databaseUrl, options);
}
