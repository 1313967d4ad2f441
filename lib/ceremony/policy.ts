import type { Attestation } from './attestation.ts';
import type { CeremonyDescription } from './description.ts';
import { judge, type Link } from './link.ts';
import { PERPETUAL_POWERS_OF_TAU } from './powers-of-tau.ts';

/** The fewest signing keys whose owners made a key together. */
const LEAST_KEYS = 3;

/** What of a description the policy looks at. */
type Judged = Pick<CeremonyDescription, 'setup' | 'beacon' | 'created'> & {
  powersOfTau: Pick<CeremonyDescription['powersOfTau'], 'origin' | 'power' | 'blake2b'>;
};

/**
 * What a setup lacks to be called a `ceremony`, in words; nothing where it is called `dev`, which promises nothing. Whoever alone
 * made the powers of tau can forge proofs whatever others add later, so only a public ceremony's are good enough, known by their
 * hash; a beacon adds something only if nobody could know it when it was announced; and a person who contributes three times is
 * still one.
 * @param attestations of all contributions once there will be no more; null before, when their number is not judged yet
 */
function findShortfalls(description: Judged, attestations: readonly Pick<Attestation, 'key'>[] | null): string[] {
  const { setup, powersOfTau, beacon, created } = description;
  if (setup === 'dev') return [];
  const shortfalls: string[] = [];
  if (powersOfTau.origin !== 'perpetual' || PERPETUAL_POWERS_OF_TAU[powersOfTau.power] !== powersOfTau.blake2b)
    shortfalls.push('its powers of tau are not those of a public ceremony: whoever made them can forge proofs');
  if (beacon.kind === 'known') shortfalls.push('its beacon was known from the start, so it adds nothing');
  else if (beacon.time <= created) shortfalls.push('its beacon was announced when it could be known already');
  const keys = attestations && new Set(attestations.map(({ key }) => key)).size;
  if (keys !== null && keys < LEAST_KEYS)
    shortfalls.push(`its contributions were signed with ${keys} different keys, not with ${LEAST_KEYS}`);
  return shortfalls;
}

/** Whether a setup may be called what its description calls it. `attestations` as for findShortfalls. */
export function judgeSetup(description: Judged, attestations: readonly Pick<Attestation, 'key'>[] | null): Link {
  const shortfalls = findShortfalls(description, attestations);
  const name = description.setup === 'dev' ? 'development: whoever ran it can forge proofs' : 'a ceremony';
  return judge('setup', shortfalls.length === 0, name, `this is no ceremony but a development setup: ${shortfalls.join('; ')}`);
}
