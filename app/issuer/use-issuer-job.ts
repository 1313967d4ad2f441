'use client';

import { issuerVault } from '#lib/browser/vaults.ts';
import { type Job, useJob } from '../ui/use-job.ts';
import { describeIssuerFailure, type IssuerFailure } from './issuer-failure.ts';

export type IssuerJob = Job<IssuerFailure>;

/** Longer work with the keystore, which does not lock itself in the middle of it. */
export function useIssuerJob(): IssuerJob {
  return useJob(describeIssuerFailure, holdKeystore);
}

function holdKeystore(work: () => Promise<void>): Promise<void> {
  return issuerVault().hold(work);
}
