import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { openSocket, type SocketPlace } from './open-socket.ts';

/** Whether a database answers, for those who would else wait for it. */
export type Probe = {
  /**
   * Never later than in three seconds; at once where it was asked a moment ago, or is known not to answer.
   * @param anew asks also where it answered a moment ago
   */
  isAlive(anew?: boolean): Promise<boolean>;
  close(): Promise<void>;
};

const PATIENCE_MS = 3_000;
const FRESH_MS = 1_000;

/** Asks over a connection of its own, which no work can hold up. */
export function createProbe(databaseUrl: string): Probe {
  const options = {
    max: 1,
    onnotice: () => {},
    connect_timeout: PATIENCE_MS / 1000,
    backoff: () => 0,
    socket: (place: SocketPlace) => openSocket(place),
  };
  const open = () => postgres(databaseUrl, options);
  let sql = open();
  let last = { isAlive: true, at: Number.NEGATIVE_INFINITY };
  let asking: Promise<boolean> | undefined;

  const ask = async (): Promise<boolean> => {
    const answer = sql`select 1`.then(
      () => true,
      () => false,
    );
    const isAlive = await Promise.race([answer, sleep(PATIENCE_MS, false, { ref: false })]);
    if (!isAlive) {
      void sql.end({ timeout: 0 }).catch(() => {}); // one that hangs would hold up the next question
      sql = open();
    }
    last = { isAlive, at: performance.now() };
    asking = undefined;
    return isAlive;
  };
  return {
    async isAlive(anew = false) {
      if (performance.now() - last.at < FRESH_MS && !(anew && last.isAlive)) return last.isAlive;
      asking ??= ask();
      return last.isAlive ? asking : false;
    },
    close: () => sql.end({ timeout: 0 }),
  };
}
