import 'server-only';

/** A body that is being read. */
export type BodySeat = { grow(bytes: number): void; leave(): void };
/** Room in memory that the long bodies of strangers share. */
export type BodyRoom = { enter(giveUp: () => void): BodySeat };

type Reading = { bytes: number; since: number; giveUp: () => void };

/** Counted as if each had begun so much earlier, so that who has just come is not taken for the fastest. */
const HEAD_START_SECONDS = 2;

/**
 * When the bodies together grow beyond `most` bytes, the slowest is given up: who would keep an honest sender out must
 * go on sending more bodies than fit, each faster than that one. A body counts once it is longer than `small`.
 * @param seconds a clock that only goes forward
 */
export function createBodyRoom(most: number, small: number, seconds: () => number = () => performance.now() / 1_000): BodyRoom {
  const readings = new Set<Reading>();
  const makeRoom = () => {
    const long = [...readings].filter(({ bytes }) => bytes > small);
    if (long.reduce((sum, { bytes }) => sum + bytes, 0) <= most) return;
    const now = seconds();
    const pace = ({ bytes, since }: Reading) => bytes / (now - since + HEAD_START_SECONDS);
    const slowest = long.reduce((one, other) => (pace(other) < pace(one) ? other : one));
    readings.delete(slowest);
    slowest.giveUp();
  };
  return {
    enter(giveUp) {
      const reading = { bytes: 0, since: seconds(), giveUp };
      readings.add(reading);
      return {
        grow(bytes) {
          reading.bytes += bytes;
          makeRoom();
        },
        leave: () => void readings.delete(reading),
      };
    },
  };
}
