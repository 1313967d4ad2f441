import { BigPairing } from './big-pairing.ts';
import { startKernelPairing } from './kernel-pairing.ts';
import type { PairingArithmetic } from './terms.ts';

let ready: Promise<PairingArithmetic> | null = null;

/** The quickest arithmetic that this engine runs, once per thread; big integers where it runs none of the kernels. */
export function loadPairing(): Promise<PairingArithmetic> {
  ready ??= startKernelPairing().then((kernel) => kernel ?? new BigPairing());
  return ready;
}
