// SPEC §12.2, step 6: the proofs of a record, checked in batches while further lines are read
import type { Field } from './field.ts';
import type { Hex32 } from './hash.ts';
import type { Notebook, ProofSystem, ProofToCheck } from './record-report.ts';
import type { Proof } from './signature.ts';

/** Proofs are handed to the proof system in batches of this size; larger ones save little and hold more memory. */
const BATCH = 256;
/** Batches under way at once, so that a proof system with several threads stays busy while lines are read. */
const BATCHES_UNDER_WAY = 4;

export class ProofQueue {
  private readonly verificationKey: Hex32;
  private readonly proofs: ProofSystem;
  private readonly notebook: Notebook;
  private batch: (ProofToCheck & { line: number })[] = [];
  private readonly underWay = new Set<Promise<void>>();
  /** What kept the proof system from judging a batch: a record whose proofs were not looked at must never pass. */
  private trouble: { reason: unknown } | null = null;

  constructor(verificationKey: Hex32, proofs: ProofSystem, notebook: Notebook) {
    this.verificationKey = verificationKey;
    this.proofs = proofs;
    this.notebook = notebook;
  }

  /** Queues the proof of a line; waits while enough batches are under way, so that memory stays bounded. */
  async add(line: number, proof: Proof, publicSignals: readonly Field[]): Promise<void> {
    this.batch.push({ line, proof, publicSignals });
    if (this.batch.length < BATCH) return;
    this.dispatch();
    if (this.underWay.size >= BATCHES_UNDER_WAY) await Promise.race(this.underWay);
  }

  /** Waits for all proofs. @throws what the proof system threw, whenever it did */
  async settle(): Promise<void> {
    this.dispatch();
    await Promise.all(this.underWay);
    if (this.trouble) throw this.trouble.reason;
  }

  private dispatch(): void {
    const batch = this.batch;
    if (batch.length === 0) return;
    this.batch = [];
    const check = this.proofs.findBadProofs(this.verificationKey, batch).then((bad) => {
      this.notebook.count('proofs', batch.length);
      for (const i of bad)
        this.notebook.fail(batch[i]?.line ?? 0, 'proofs', 'BAD_PROOF', 'the proof does not hold for this statement, roll, key and seal');
    });
    const tracked = check
      .catch((reason: unknown) => {
        this.trouble ??= { reason };
      })
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }
}
