import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** Of a table's rows: how long they are and their SHA-256, hex. */
export type Measure = { bytes: number; sha256: string };

/** Lets bytes through; `measure` tells of them once all have passed. */
export function createMeter(): { through: Transform; measure(): Measure } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  return { through, measure: () => ({ bytes, sha256: hash.digest('hex') }) };
}
