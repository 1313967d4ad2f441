import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

type Component = { 'bom-ref': string; name: string; [other: string]: unknown };
/** The parts of a CycloneDX document that are settled here; npm writes the others. */
export type Bom = {
  serialNumber?: string;
  metadata: { timestamp?: string; tools: { version?: string }[]; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
};

/**
 * What the program is made of: every package of a folder's package-lock.json with its hash, those of development and of other machines
 * included, as npm lists them (CycloneDX, JSON). It needs no network and nothing installed.
 * @returns the same text for the same lock file on every machine, as long as npm has the same way of listing
 * @throws Error with npm's own words when it cannot read the lock file
 */
export function makeSbom(folder: string): string {
  const groups = ['dev', 'optional', 'peer'].map((group) => `--include=${group}`);
  const run = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only', ...groups], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (run.error || run.status !== 0) throw new Error(`npm could not list the packages: ${run.error?.message ?? run.stderr.trim()}`);
  const { name } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { name: string };
  return `${JSON.stringify(settleBom(JSON.parse(run.stdout) as Bom, name), null, 2)}\n`;
}

/** Takes away what differs from run to run (number, time, npm's version, the folder's name in place of the package's) and sorts the rest. */
export function settleBom(bom: Bom, name: string): Bom {
  const { serialNumber: _number, metadata, components, dependencies, ...rest } = bom;
  const { timestamp: _time, tools, component, ...about } = metadata;
  return {
    ...rest,
    metadata: { ...about, tools: tools.map(({ version: _version, ...tool }) => tool), component: { ...component, name } },
    components: components.toSorted((a, b) => byCodeUnits(a['bom-ref'], b['bom-ref'])),
    dependencies: dependencies
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: (dependsOn ?? []).toSorted(byCodeUnits) }))
      .sort((a, b) => byCodeUnits(a.ref, b.ref)),
  };
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
