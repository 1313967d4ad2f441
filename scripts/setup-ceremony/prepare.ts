import { join } from 'node:path';
import type { BeaconPlan } from '#lib/ceremony/beacon.ts';
import { describeBeaconPlan } from '#lib/ceremony/beacon.ts';
import { type CeremonyDescription, hashDescription, parseDescription } from '#lib/ceremony/description.ts';
import { readIfThere, writeJson, writeWhole } from '#lib/ceremony/disk.ts';
import { judgeSetup } from '#lib/ceremony/policy.ts';
import { blake2bHex, findPerpetualPower } from '#lib/ceremony/powers-of-tau.ts';
import { deriveInitialKey } from '#lib/ceremony/setup-steps.ts';
import { CEREMONY_FILES, RUNNING_CIRCUIT, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { compileCircuit, sha256Hex } from './compile-circuit.ts';
import { expectedCost, ProgressReport, type Say } from './report.ts';

export interface Plan {
  readonly title: string;
  readonly setup: CeremonyDescription['setup'];
  readonly circuit: string;
  readonly beacon: BeaconPlan;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Fixes what a ceremony is about, before anybody contributes: compiles the circuit, derives the initial key and writes the
 * description that pins both, the powers of tau and the beacon to come.
 */
export async function prepareCeremony(folder: string, plan: Plan, say: Say): Promise<CeremonyDescription> {
  const path = join(folder, CEREMONY_FILES.description);
  if (await readIfThere(path))
    throw new Error(`${path} is there already: a ceremony is described once. Use another folder for another one`);
  const powersOfTau = await readIfThere(join(folder, CEREMONY_FILES.powersOfTau));
  if (!powersOfTau) throw new Error(`${CEREMONY_FILES.powersOfTau} is missing: run "phase1" first`);
  if (plan.beacon.kind !== 'known' && plan.beacon.time <= plan.now)
    throw new Error('the announced moment of the beacon must lie in the future');
  const blake2b = blake2bHex(powersOfTau);
  const origin = findPerpetualPower(blake2b) ? ('perpetual' as const) : ('new' as const);
  const pinned = { origin, power: readPower(powersOfTau), blake2b };
  const setup = judgeSetup({ setup: plan.setup, powersOfTau: pinned, beacon: plan.beacon, created: plan.now }, null);
  if (setup.state !== 'ok') throw new Error(`${setup.detail}. Call it one: --setup dev`);

  const progress = new ProgressReport(say, [
    ['compiling the circuit', 8],
    ['deriving the initial key', expectedCost(8000).deriveSeconds],
  ]);
  const compiled = await progress.run(() => compileCircuit(plan.circuit));
  const initialKey = await progress.run(() => deriveInitialKey(compiled.r1cs, powersOfTau));
  const { source, compiler, constraints } = compiled;
  const parsed = parseDescription({
    format: 'round-robin-ceremony/1',
    title: plan.title,
    setup: plan.setup,
    circuit: { path: plan.circuit, source, compiler, r1cs: sha256Hex(compiled.r1cs), wasm: sha256Hex(compiled.wasm), constraints },
    powersOfTau: { ...pinned, sha256: sha256Hex(powersOfTau) },
    initialKey: sha256Hex(initialKey),
    beacon: plan.beacon,
    created: plan.now,
  });
  if (!parsed.ok) throw new Error(parsed.detail ?? parsed.code);
  await writeWhole(join(folder, RUNNING_CIRCUIT), compiled.r1cs);
  await writeWhole(join(folder, runningKeyPath(0)), initialKey);
  await writeJson(path, parsed.value);
  say(
    `Ceremony ${hashDescription(parsed.value)}\nBeacon: ${describeBeaconPlan(plan.beacon)}\nPublish ${path} now, before the first contribution.`,
  );
  return parsed.value;
}

/** The power of two of a powers-of-tau file, from its header section. */
function readPower(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let position = 12; position < bytes.length; position += 12 + Number(view.getBigUint64(position + 4, true))) {
    if (view.getUint32(position, true) === 1) return view.getUint32(position + 12 + 4 + view.getUint32(position + 12, true), true);
  }
  throw new Error('the powers of tau have no header');
}
