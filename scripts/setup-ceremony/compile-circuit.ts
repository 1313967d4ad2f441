import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashJson } from '../../lib/proof/verification-key.ts';

/** The project's folder. The compiler runs in it and sees nothing outside. */
export const PROJECT_ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** The circuit of this project, below the project's folder. */
export const SIGN_CIRCUIT = 'circuits/sign.circom';

const LIBRARIES = ['node_modules/circomlib/circuits', 'node_modules/@zk-kit/binary-merkle-root.circom/src'];
const OPTIONS = '--O2';

export interface CompiledCircuit {
  readonly r1cs: Uint8Array;
  readonly wasm: Uint8Array;
  /** Text lines `number,wire,component,name`; wire -1 was optimised away. */
  readonly symbols: string;
  /** Hash over the path and SHA-256 of every source file that went in. */
  readonly source: string;
  readonly compiler: { readonly name: string; readonly version: string; readonly options: string; readonly sha256: string };
  readonly constraints: number;
}

/**
 * Compiles a circuit into `build/circuit`, the same bytes on every machine: the compiler is one WebAssembly file from the lock file.
 *
 * @param source path below the project's folder
 * @throws Error with the compiler's output
 */
export async function compileCircuit(source: string = SIGN_CIRCUIT): Promise<CompiledCircuit> {
  const name = basename(source, '.circom');
  const out = join('build', 'circuit', name);
  await mkdir(join(PROJECT_ROOT, out), { recursive: true });
  const libraries = LIBRARIES.flatMap((folder) => ['-l', folder]);
  const printed = await runCompiler([source, OPTIONS, '--r1cs', '--wasm', '--sym', ...libraries, '-o', out]);

  const constraints = /non-linear constraints: (\d+)\s+linear constraints: (\d+)/.exec(printed);
  if (!constraints) throw new Error(`the compiler printed something unexpected:\n${printed}`);
  const manifest = JSON.parse(await readFile(join(PROJECT_ROOT, 'node_modules/circom2/package.json'), 'utf8')) as { version: string };
  const [r1cs, wasm, symbols, source_, program] = await Promise.all([
    readBytes(join(out, `${name}.r1cs`)),
    readBytes(join(out, `${name}_js`, `${name}.wasm`)),
    readFile(join(PROJECT_ROOT, out, `${name}.sym`), 'utf8'),
    hashSources(source),
    readBytes('node_modules/circom2/circom.wasm'),
  ]);
  return {
    r1cs,
    wasm,
    symbols,
    source: source_,
    compiler: { name: 'circom2', version: manifest.version, options: OPTIONS, sha256: sha256Hex(program) },
    constraints: Number(constraints[1]) + Number(constraints[2]),
  };
}

/** SHA-256, lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Hashes a circuit with everything it includes, directly or not: the value called `source` in manifest and description. */
export async function hashSources(source: string = SIGN_CIRCUIT): Promise<string> {
  const hashes: Record<string, string> = {};
  const waiting = [source];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (hashes[path] !== undefined) continue;
    const bytes = await readBytes(path);
    hashes[path] = sha256Hex(bytes);
    const text = new TextDecoder().decode(bytes).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    for (const [, included] of text.matchAll(/^\s*include\s+"([^"]+)"/gm)) {
      waiting.push(await findInclude(included as string, dirname(path)));
    }
  }
  return hashJson(hashes);
}

async function findInclude(included: string, folder: string): Promise<string> {
  for (const place of [folder, ...LIBRARIES]) {
    const path = normalize(join(place, included)).replaceAll('\\', '/');
    if (await readBytes(path).then(Boolean, () => false)) return path;
  }
  throw new Error(`include not found: ${included}`);
}

async function readBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(join(PROJECT_ROOT, path)));
}

function runCompiler(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const cli = join('node_modules', 'circom2', 'cli.js');
    const child = spawn(process.execPath, [cli, ...args], { cwd: PROJECT_ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.stderr.on('data', (chunk) => (printed += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(printed) : reject(new Error(`the circuit does not compile:\n${printed}`))));
  });
}
