// SPEC §10.6: the rules of chains, by which a wave is mixed and opened though some trustees are silent or dishonest
//
// Pure decisions on what a trustee has verified. They rest on a durable journal, which is the caller's: W is written before the
// first step or opening of a wave's number, a step or an opening before it is sent, and nothing is taken back.
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashHex } from '../messages/hash.ts';

/** A verified step: its proofs hold, and so do those of all steps before it. */
export type ChainStep = { hash: Hex32; trustee: number; step: number; previous: Hex32 };
/** A verified opening, in the order in which they came. `mix` is the hash of the last step of the chain that it opens. */
export type ChainOpening = { trustee: number; mix: Hex32; lead: boolean };

/** What a chain depends on: W, k, and the trustees' Ed25519 keys by index. */
export type ChainSetting = { content: Hex32; threshold: number; keys: readonly Hex32[] };

/** What somebody knows of the chains of one W. Every step in it has its predecessors in it. */
export type Chains = ChainSetting & { steps: ReadonlyMap<Hex32, ChainStep> };

export function createChains(setting: ChainSetting): Chains {
  return { ...setting, steps: new Map() };
}

/** The chain that ends with a step, first step first; empty for W itself. */
export function chainTo(chains: Chains, last: Hex32): ChainStep[] {
  const chain: ChainStep[] = [];
  for (let step = chains.steps.get(last); step; step = chains.steps.get(step.previous)) chain.unshift(step);
  return chain;
}

/**
 * Whether a step may stand where it says: after a valid step s − 1, or W, with s ≤ k, by an author who has no earlier step in that
 * chain. Asked before its lists are read. SPEC §10.6.
 */
export function checkPlace(chains: Chains, step: Omit<ChainStep, 'hash'>): Checked<true, 'MIX_CHAIN'> {
  const before = chainTo(chains, step.previous);
  const isKnown = step.previous === chains.content || before.length > 0;
  if (!isKnown || step.step !== before.length + 1) return refuse('MIX_CHAIN', 'the step does not follow on a valid one');
  if (step.step > chains.threshold) return refuse('MIX_CHAIN', 'the chain is complete');
  if (before.some(({ trustee }) => trustee === step.trustee)) return refuse('MIX_CHAIN', 'its author has a step in this chain already');
  return accept(true);
}

/** Takes a step whose place and proofs have been checked. @throws RangeError for one that has no place */
export function addStep(chains: Chains, step: ChainStep): Chains {
  const place = checkPlace(chains, step);
  if (!place.ok) throw new RangeError(`"step" has no place: ${place.detail}`);
  return { ...chains, steps: new Map(chains.steps).set(step.hash, step) };
}

/**
 * Whether a step is worth reading: of one author and s two are; a third only once another trustee builds on it or opens it, so that
 * a dishonest author cannot keep others busy. `isWanted` says that one does. SPEC §10.6.
 */
export function mayTake(chains: Chains, step: Pick<ChainStep, 'hash' | 'trustee' | 'step'>, isWanted: boolean): boolean {
  const others = [...chains.steps.values()].filter((known) => known.trustee === step.trustee && known.step === step.step);
  return isWanted || others.length < 2;
}

/** The order in which trustees take step s of W: by hash, so that nobody chooses it. SPEC §10.6. */
export function rankOf(content: Hex32, step: number, key: Hex32): Hex32 {
  return hashHex('mix-rank', { content, step, key });
}

/** The chain that everybody who knows the same steps prefers: longest; then lower rank, then lower hash, where two first differ. */
export function preferredChain(chains: Chains): ChainStep[] {
  const all = [...chains.steps.keys()].map((hash) => chainTo(chains, hash));
  return all.reduce((best, chain) => (isPreferred(chains, chain, best) ? chain : best), []);
}

function isPreferred(chains: Chains, chain: readonly ChainStep[], other: readonly ChainStep[]): boolean {
  if (chain.length !== other.length) return chain.length > other.length;
  const place = chain.findIndex(({ hash }, i) => hash !== other[i]?.hash);
  if (place < 0) return false;
  const [one, two] = [chain[place] as ChainStep, other[place] as ChainStep];
  const [mine, theirs] = [stepRank(chains, one), stepRank(chains, two)];
  return mine !== theirs ? mine < theirs : one.hash < two.hash;
}

function stepRank({ content, keys }: ChainSetting, { step, trustee }: ChainStep): Hex32 {
  return rankOf(content, step, keys[trustee - 1] as Hex32);
}

/** k steps by k different trustees: one of them at least is honest. SPEC §10.6. */
export function isComplete({ threshold }: Pick<ChainSetting, 'threshold'>, chain: readonly ChainStep[]): boolean {
  return chain.length === threshold;
}

/** After how many turns a trustee may extend the chain that it prefers, and that chain. */
export type MixTurn = { chain: ChainStep[]; turn: number };

/**
 * What a trustee is to mix: nothing (null) if it knows a complete chain, is in the preferred one, or has made a step of that number
 * already; else the preferred chain, and its place by rank among the trustees who are not in it. It waits that many turns from when
 * it verified the last step of that chain, and then asks again: waiting only saves work. SPEC §10.6.
 */
export function nextMix(chains: Chains, me: number): MixTurn | null {
  const chain = preferredChain(chains);
  const step = chain.length + 1;
  const isIn = (trustee: number) => chain.some((made) => made.trustee === trustee);
  const hasMade = [...chains.steps.values()].some((made) => made.trustee === me && made.step === step);
  if (isComplete(chains, chain) || isIn(me) || hasMade) return null;
  const rank = (trustee: number) => rankOf(chains.content, step, chains.keys[trustee - 1] as Hex32);
  const free = chains.keys.map((_, i) => i + 1).filter((trustee) => !isIn(trustee));
  return { chain, turn: free.filter((trustee) => rank(trustee) < rank(me)).length };
}

/** Milliseconds of one turn: stepTime + 20 ms for each item of the wave. SPEC §10.6. */
export function turnMilliseconds(stepTime: number, items: number): number {
  return 1000 * stepTime + 20 * items;
}

/**
 * Which opening a trustee owes next; null if none. First it leads: it opens the preferred complete chain, once for each W. Then it
 * follows: for each other trustee the first chain that it led. Opening several chains of one L₀ links nothing, for each of them
 * holds an honest permutation; opening only one deadlocks. `openings` are the valid ones in the order in which they came, the
 * trustee's own among them. SPEC §10.6.
 */
export function nextOpening(chains: Chains, openings: readonly ChainOpening[], me: number): { mix: Hex32; lead: boolean } | null {
  const last = preferredChain(chains).at(-1);
  if (!last || last.step !== chains.threshold) return null;
  const own = openings.filter(({ trustee }) => trustee === me);
  if (!own.some(({ lead }) => lead)) return { mix: last.hash, lead: true };
  for (const leader of chains.keys.keys()) {
    const led = openings.filter(({ trustee, lead }) => lead && trustee === leader + 1);
    const first = led.find(({ mix }) => chains.steps.get(mix)?.step === chains.threshold);
    if (first && !own.some(({ mix }) => led.some((one) => one.mix === mix))) return { mix: first.mix, lead: false };
  }
  return null;
}

/** The last step of the chain by which a wave is revealed: k valid openings of it; of several the lowest hash. SPEC §10.6. */
export function revealedBy(threshold: number, openings: readonly Pick<ChainOpening, 'trustee' | 'mix'>[]): Hex32 | null {
  const authors = new Map<Hex32, Set<number>>();
  for (const { mix, trustee } of openings) authors.set(mix, (authors.get(mix) ?? new Set()).add(trustee));
  const opened = [...authors].filter(([, trustees]) => trustees.size >= threshold).map(([mix]) => mix);
  return opened.sort()[0] ?? null;
}

/** A reason for which a trustee is named. It invalidates nothing that others have built. SPEC §10.6. */
export type MixBlame = { trustee: number; reason: 'MIX_FORKED' | 'BAD_MIX' | 'OPENING_FORKED' };

/** What is looked at of signed steps and openings to find who has forked: of one wave number, whatever their W. */
export type SignedStep = { trustee: number; wave: number; step: number; hash: Hex32 };
export type SignedLead = { trustee: number; wave: number; mix: Hex32; lead: boolean };

/** Trustees that signed two steps of one wave and s, or led two chains of one wave: by their own hand. SPEC §10.6. */
export function findForks(steps: readonly SignedStep[], openings: readonly SignedLead[]): MixBlame[] {
  const mixed = findTwice(steps.map(({ trustee, wave, step, hash }) => ({ trustee, place: `${wave}/${step}`, said: hash })));
  const leads = openings.filter(({ lead }) => lead);
  const led = findTwice(leads.map(({ trustee, wave, mix }) => ({ trustee, place: `${wave}`, said: mix })));
  return [
    ...mixed.map((trustee) => ({ trustee, reason: 'MIX_FORKED' as const })),
    ...led.map((trustee) => ({ trustee, reason: 'OPENING_FORKED' as const })),
  ];
}

/** Those who said two things at one place, ascending. */
function findTwice(all: readonly { trustee: number; place: string; said: Hex32 }[]): number[] {
  const first = new Map<string, Hex32>();
  const guilty = new Set<number>();
  for (const { trustee, place, said } of all) {
    const key = `${trustee}/${place}`;
    if ((first.get(key) ?? said) !== said) guilty.add(trustee);
    first.set(key, said);
  }
  return [...guilty].sort((a, b) => a - b);
}
