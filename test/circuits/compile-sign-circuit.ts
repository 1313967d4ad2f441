import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CompiledCircuit, compileCircuit } from '#scripts/setup-ceremony/compile-circuit.ts';
import { madeOnce } from '../support/made-once.ts';

/** The circuit of the project, compiled from its sources once in a run. */
export async function compileSignCircuit(): Promise<CompiledCircuit> {
  const folder = await madeOnce('sign-circuit', compileInto);
  const read = async (name: string) => new Uint8Array(await readFile(path.join(folder, name)));
  const [r1cs, wasm, rest] = [await read('r1cs'), await read('wasm'), await readFile(path.join(folder, 'rest.json'), 'utf8')];
  return { r1cs, wasm, ...(JSON.parse(rest) as Omit<CompiledCircuit, 'r1cs' | 'wasm'>) };
}

async function compileInto(folder: string): Promise<void> {
  const { r1cs, wasm, ...rest } = await compileCircuit();
  await writeFile(path.join(folder, 'r1cs'), r1cs);
  await writeFile(path.join(folder, 'wasm'), wasm);
  await writeFile(path.join(folder, 'rest.json'), JSON.stringify(rest));
}
