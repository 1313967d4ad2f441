// SPEC §12.4: the proofs of a record, checked in batches while further lines are read

import type { Proof } from '../board/signature.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { Field } from '../numbers/field.ts';
import { PendingChecks } from './pending.ts';
import type { Notebook, ProofSystem, ProofToCheck } from './report.ts';

/** Proofs are handed to the proof system in batches of this size; larger ones save little and hold more memory. */
const BATCH = 256;
/** Batches under way at once, so that a proof system with several threads stays busy while lines are read. */
const BATCHES_UNDER_WAY = 4;

export class RecordProofs {
  private readonly verificationKey: Hex32;
  private readonly proofs: ProofSystem;
  private readonly notebook: Notebook;
  private batch: (ProofToCheck & { line: number })[] = [];
  private readonly pending = new PendingChecks(BATCHES_UNDER_WAY);

  constructor(verificationKey: Hex32, proofs: ProofSystem, notebook: Notebook) {
    this.verificationKey = verificationKey;
    this.proofs = proofs;
    this.notebook = notebook;
  }

  /** Queues the proof of a line; waits while enough batches are under way, so that memory stays bounded. */
  async add(line: number, proof: Proof, publicSignals: readonly Field[]): Promise<void> {
    this.batch.push({ line, proof, publicSignals });
    if (this.batch.length >= BATCH) await this.dispatch();
  }

  /** Waits for all proofs. @throws what the proof system threw, whenever it did */
  async settle(): Promise<void> {
    if (this.batch.length > 0) await this.dispatch();
    await this.pending.settle();
  }

  private async dispatch(): Promise<void> {
    const batch = this.batch;
    this.batch = [];
    const items = batch.map(({ proof, publicSignals }) => ({ proof, publicSignals }));
    const check = this.proofs.findBadProofs(this.verificationKey, items).then((bad) => {
      this.notebook.count('proofs', batch.length);
      for (const i of bad)
        this.notebook.fail(batch[i]?.line ?? 0, 'proofs', 'BAD_PROOF', 'the proof does not hold for this statement, roll and key');
    });
    await this.pending.add(check);
  }
}
