import 'server-only';

/** A body that is being read, of a request by this process or of an answer by somebody else. */
export type BodySeat = { grow(bytes: number): void; leave(): void };
/** Room in memory that all bodies of requests share, or all of answers. */
export type BodyRoom = { enter(giveUp: () => void): BodySeat };

type Reading = { bytes: number; since: number; giveUp: () => void };
/** A clock that only goes forward. */
type Seconds = () => number;

/** Bytes. A body is long once it has more than `small`. */
export type RoomSize = { small: number; ofSmall: number; ofLong: number };

/** Counted as if each had begun so much earlier, so that who has just come is not taken for the fastest. */
const HEAD_START_SECONDS = 2;
const MB = 1024 * 1024;
/** Long: a few of the largest openings of the largest wave. */
const OF_THIS_PROCESS: RoomSize = { small: 256 * 1024, ofSmall: 64 * MB, ofLong: 256 * MB };

// Next bundles pages and routes apart, so a variable of a module would exist several times.
const shared = globalThis as { roundRobinBodies?: BodyRoom; roundRobinAnswers?: BodyRoom };

/** The one room of this process for requests. */
export function bodiesOfThisProcess(): BodyRoom {
  shared.roundRobinBodies ??= createBodyRoom(OF_THIS_PROCESS);
  return shared.roundRobinBodies;
}

/** The one room of this process for answers that are made for one reader each. */
export function answersOfThisProcess(): BodyRoom {
  shared.roundRobinAnswers ??= createBodyRoom(OF_THIS_PROCESS);
  return shared.roundRobinAnswers;
}

/**
 * Small and long bodies have a room each, so that neither kind keeps the other out. When one is full, a body is given up: of the
 * long ones the slowest, so that who would keep an honest sender out must go on sending more bodies than fit, each faster than that
 * one; of the small ones the one that has held most for longest, so that an ordinary request, which is over at once, goes through.
 */
export function createBodyRoom({ small, ofSmall, ofLong }: RoomSize, seconds: Seconds = () => performance.now() / 1_000): BodyRoom {
  const readings = new Set<Reading>();
  const ageOf = ({ since }: Reading) => seconds() - since + HEAD_START_SECONDS;
  const makeRoom = (some: readonly Reading[], most: number, burdenOf: (reading: Reading) => number) => {
    if (some.reduce((sum, { bytes }) => sum + bytes, 0) <= most) return;
    const heaviest = some.reduce((one, other) => (burdenOf(other) > burdenOf(one) ? other : one));
    readings.delete(heaviest);
    heaviest.giveUp();
  };
  return {
    enter(giveUp) {
      const reading = { bytes: 0, since: seconds(), giveUp };
      readings.add(reading);
      return {
        grow(bytes) {
          reading.bytes += bytes;
          const isLong = reading.bytes > small;
          const alike = [...readings].filter((one) => one.bytes > small === isLong);
          if (isLong) makeRoom(alike, ofLong, (one) => ageOf(one) / one.bytes);
          else makeRoom(alike, ofSmall, (one) => ageOf(one) * one.bytes);
        },
        leave: () => void readings.delete(reading),
      };
    },
  };
}
