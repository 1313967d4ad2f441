import { loadModule, type ModuleExports } from './compiled-module.ts';
import { answersRight } from './known-equation.ts';
import { FMA_PAIRING } from './pairing-fma.ts';
import type { FirstPoint, PreparedKey, SecondPoint } from './pairing-key.ts';
import { SCALAR_PAIRING } from './pairing-scalar.ts';
import { type PairingArithmetic, sumInputs, type Term } from './terms.ts';

// Pairings in WebAssembly: see kernel/README.md. Pointers are byte offsets in the module's memory.

export interface PairingExports extends ModuleExports {
  /** Four equations side by side: see kernel/assembly/equations.ts. */
  checkEquations(
    ...pointers: [proofs: number, powers: number, quads: number, weights: number, key: number, inputs: number, verdicts: number]
  ): void;
}

/** What came of terms that were dealt to four lanes in turn. */
interface Verdict {
  /** Of each term, whether its points lie in their groups. Where one does not, nothing is said of any equation. */
  readonly areInGroups: readonly boolean[];
  /** Of each lane, whether the product of its terms' equations holds. */
  readonly holds: readonly boolean[];
}

const MODULES = { fma: FMA_PAIRING, scalar: SCALAR_PAIRING };
const LANES = 4;
const WORDS = 4;

/**
 * The first of these modules that this engine runs and that knows a right equation from a wrong one, with a memory of its own:
 * `fma` for engines with a fused multiply-add in relaxed SIMD; `scalar`, three times slower, for all others.
 *
 * @returns null when there is none
 */
export async function startKernelPairing(kinds: readonly (keyof typeof MODULES)[] = ['fma', 'scalar']): Promise<KernelPairing | null> {
  for (const kind of kinds) {
    const exports = await loadModule<PairingExports>(MODULES[kind]);
    const pairing = exports && new KernelPairing(exports);
    if (pairing && answersRight(pairing)) return pairing;
  }
  return null;
}

export class KernelPairing implements PairingArithmetic {
  private readonly exports: PairingExports;

  constructor(exports: PairingExports) {
    this.exports = exports;
  }

  /** Terms whose points are in no group go out first; what is left is checked in four lanes, and a lane that fails in four again. */
  findBad(key: PreparedKey, terms: readonly Term[]): number[] {
    if (terms.length === 0) return [];
    const { areInGroups, holds } = this.check(key, terms);
    const refused = terms.filter((_, i) => !areInGroups[i]).map(({ position }) => position);
    if (refused.length > 0) {
      const rest = terms.filter((_, i) => areInGroups[i]);
      return [...refused, ...this.findBad(key, rest)];
    }
    return laneTerms(terms).flatMap((own, lane) => {
      if (holds[lane]) return [];
      return own.length > 1 ? this.findBad(key, own) : own.map(({ position }) => position);
    });
  }

  private check(key: PreparedKey, terms: readonly Term[]): Verdict {
    const { exports } = this;
    const start = exports.mark();
    try {
      const quads = Math.ceil(terms.length / LANES);
      const empty = Array<bigint[]>(quads * LANES - terms.length).fill(emptyPlace(key));
      const proofs = this.place([...terms.map(({ coordinates }) => coordinates), ...empty].flat());
      const powers = this.place([...terms.map(({ power }) => power), ...empty.map(() => 0n)]);
      const sums = laneTerms(terms).map((own) => sumInputs(own, key.ic.length));
      const weights = this.place(key.ic.flatMap((_, j) => sums.map((sum) => sum[j] as bigint)));
      const keyAt = this.place(keyNumbers(key));
      const verdicts = exports.allocate((quads + 1) * LANES);
      exports.checkEquations(proofs, powers, quads, weights, keyAt, key.ic.length, verdicts);
      const bytes = new Uint8Array(exports.memory.buffer).slice(verdicts, verdicts + (quads + 1) * LANES);
      return {
        areInGroups: terms.map((_, i) => bytes[i] === 0),
        holds: [...bytes.subarray(quads * LANES)].map((byte) => byte === 1),
      };
    } finally {
      exports.release(start);
    }
  }

  /** Numbers below 2^256, each as four words of 64 bits, the lowest first. */
  private place(numbers: readonly bigint[]): number {
    const pointer = this.exports.allocate(numbers.length * WORDS * 8);
    const words = new BigUint64Array(this.exports.memory.buffer, pointer, numbers.length * WORDS);
    for (const [i, number] of numbers.entries()) {
      for (let word = 0; word < WORDS; word++) words[i * WORDS + word] = number >> BigInt(64 * word); // takes the lowest 64 bits
    }
    return pointer;
  }
}

/** The terms of each lane: they are dealt in turn. */
function laneTerms(terms: readonly Term[]): Term[][] {
  return Array.from({ length: LANES }, (_, lane) => terms.filter((_, i) => i % LANES === lane));
}

/** Points in their groups, for a place that has no proof. */
function emptyPlace({ alpha, beta }: PreparedKey): bigint[] {
  return [...ofFirst(alpha), ...ofSecond(beta), ...ofFirst(alpha)];
}

function keyNumbers({ alpha, beta, gamma, delta, ic }: PreparedKey): bigint[] {
  return [...ofFirst(alpha), ...[beta, gamma, delta].flatMap(ofSecond), ...ic.flatMap(ofFirst)];
}

function ofFirst(point: FirstPoint): bigint[] {
  const { x, y } = point.toAffine();
  return [x, y];
}

function ofSecond(point: SecondPoint): bigint[] {
  const { x, y } = point.toAffine();
  return [x.c0, x.c1, y.c0, y.c1];
}
