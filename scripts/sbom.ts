// npm run --silent sbom
// Prints every package that package-lock.json names, with its hash, as CycloneDX JSON.
import { readCommandLine, runScript } from './command-line/run-script.ts';
import { root } from './instance/runtime.ts';
import { makeSbom } from './release/make-sbom.ts';

const USAGE = `npm run --silent sbom

  Prints the packages of package-lock.json with their hashes, as CycloneDX JSON.`;

await runScript(USAGE, () => {
  readCommandLine({});
  process.stdout.write(makeSbom(root));
});
