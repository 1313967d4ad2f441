import { connect, type Database } from '#db/client.ts';
import { describeDatabaseFailure, findPlatform } from './find-platform.ts';

/** An answer of the database's own that is not for its failure. */
type Sentence = new (...parts: never[]) => Error;

/**
 * Works on the database of the platform that the settings of this process name.
 * @param own what `work` throws with a sentence of its own
 * @throws Error with a sentence for the operator
 */
export async function withDatabase<T>(work: (db: Database) => Promise<T>, own?: Sentence): Promise<T> {
  const { databaseUrl } = findPlatform(process.env);
  try {
    const { db, close } = connect(databaseUrl, 1);
    return await work(db).finally(close);
  } catch (error) {
    if (own && error instanceof own) throw error;
    throw new Error(describeDatabaseFailure(error, process.env));
  }
}
