import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashJson } from '#lib/proof/verification-key.ts';

/** The project's folder. The compiler runs in it and sees nothing outside. */
export const PROJECT_ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** The circuit of this project, below the project's folder. */
export const SIGN_CIRCUIT = 'circuits/sign.circom';

type Optimisation = '--O2' | '--O0';

export interface CompileOptions {
  readonly optimisation?: Optimisation;
  /** Folders below the project's folder in which includes are looked up. */
  readonly libraries?: readonly string[];
}

const LIBRARIES = ['node_modules/circomlib/circuits', 'node_modules/@zk-kit/binary-merkle-root.circom/src'];

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
 * Compiles a circuit, to the same bytes on every machine: the compiler is one WebAssembly file that the lock file pins.
 *
 * @param source path below the project's folder
 * @throws Error with the compiler's output
 */
export async function compileCircuit(source: string = SIGN_CIRCUIT, options: CompileOptions = {}): Promise<CompiledCircuit> {
  const { optimisation = '--O2', libraries = LIBRARIES } = options;
  const hash = await hashSources(source, libraries);
  const key = `${hash} ${optimisation}`;
  const compiling = compiled.get(key) ?? compileInFolder(source, hash, optimisation, libraries);
  compiled.set(key, compiling);
  return compiling;
}

/** What this process has compiled, by hash of the sources and optimisation: the same sources need not be compiled twice. */
const compiled = new Map<string, Promise<CompiledCircuit>>();

async function compileInFolder(
  source: string,
  hash: string,
  optimisation: Optimisation,
  libraries: readonly string[],
): Promise<CompiledCircuit> {
  await mkdir(join(PROJECT_ROOT, 'build'), { recursive: true });
  const folder = await mkdtemp(join(PROJECT_ROOT, 'build', 'circuit-'));
  try {
    return await compileInto(join('build', basename(folder)), source, hash, optimisation, libraries);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compileInto(
  out: string,
  source: string,
  hash: string,
  optimisation: Optimisation,
  libraries: readonly string[],
): Promise<CompiledCircuit> {
  const name = basename(source, '.circom');
  const lookups = libraries.flatMap((folder) => ['-l', folder]);
  const printed = await runCompiler([source, optimisation, '--r1cs', '--wasm', '--sym', ...lookups, '-o', out]);

  const counted = /non-linear constraints: (\d+)\s+linear constraints: (\d+)/.exec(printed);
  if (!counted) throw new Error(`the compiler printed something unexpected:\n${printed}`);
  const [r1cs, wasm, symbols, program, compilerPackage] = await Promise.all([
    readBytes(join(out, `${name}.r1cs`)),
    readBytes(join(out, `${name}_js`, `${name}.wasm`)),
    readBytes(join(out, `${name}.sym`)),
    readBytes('node_modules/circom2/circom.wasm'),
    readBytes('node_modules/circom2/package.json'),
  ]);
  const { version } = JSON.parse(new TextDecoder().decode(compilerPackage)) as { version: string };
  return {
    r1cs,
    wasm,
    symbols: new TextDecoder().decode(symbols),
    source: hash,
    compiler: { name: 'circom2', version, options: optimisation, sha256: sha256Hex(program) },
    constraints: Number(counted[1]) + Number(counted[2]),
  };
}

/** SHA-256, lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Hashes a circuit with everything it includes, directly or not: the value called `source` in manifest and description. */
export async function hashSources(source: string = SIGN_CIRCUIT, libraries: readonly string[] = LIBRARIES): Promise<string> {
  const hashes: Record<string, string> = {};
  const waiting = [source];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (hashes[path] !== undefined) continue;
    const bytes = await readBytes(path);
    hashes[path] = sha256Hex(bytes);
    const text = new TextDecoder().decode(bytes).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    for (const [, included] of text.matchAll(/^\s*include\s+"([^"]+)"/gm)) {
      waiting.push(await findInclude(included as string, [dirname(path), ...libraries]));
    }
  }
  return hashJson(hashes);
}

async function findInclude(included: string, folders: readonly string[]): Promise<string> {
  for (const place of folders) {
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
