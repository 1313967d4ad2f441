import { beforeAll, describe, expect, it } from 'vitest';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { checkpointHash } from '#lib/protocol/board/board.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import { selectCosignatures } from '#lib/protocol/record/writer.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { cosignAll, openAll, publish, type RecordParts, wavesOf, writeRecord } from '../support/record-parts.ts';
import { realProofSystem, verifyLines } from '../support/verify-lines.ts';
import { createCommittee, createGroup, createStatement, type KeyCeremony, makeKey, signForReal, systemRandom } from '../support/world.ts';

const NAMES = [
  'Ada Lovelace',
  'Žofie Nováková',
  'Brian O’Neill',
  '李小龍',
  'Ngozi Adébáyọ̀'.normalize('NFC'),
  'Μαρία Παππά',
  'Fatima Al-Zahra',
  'Jón Jónsson',
];

/** Five of eight members sign with real proofs; two of three trustees open; the third is away. */
describe('the whole protocol', () => {
  let setup: { verificationKey: string; setup: string };
  let proofs: ProofSystem;
  let key: KeyCeremony;
  let parts: RecordParts;
  let entries: Entry[];

  beforeAll(async () => {
    const manifest = await loadManifest(readFromDisk());
    if (!manifest.ok) throw new Error(manifest.code);
    const current = currentKey(manifest.value);
    setup = { verificationKey: current.verificationKey, setup: current.transcript };
    proofs = await realProofSystem();
    const group = createGroup('Harbour pilots', NAMES, systemRandom);
    const committee = createCommittee(3, 2, systemRandom);
    const context = createStatement([group], committee, { count: 4 }, { ...setup, random: systemRandom });
    key = makeKey(context, committee, systemRandom);
    entries = [];
    for (const member of [0, 1, 2, 3, 4])
      entries.push(await signForReal(context, key.keyed.key, group, member, { action: 'sign', group: group.id }, systemRandom));
    const withdrawn = entries[0] as Entry;
    const said = { action: 'withdraw' as const, group: group.id, withdraws: entryHash(withdrawn) };
    const withdrawal = await signForReal(context, key.keyed.key, group, 0, said, systemRandom);
    const board = publish(context, key.keyed, [entries.slice(0, 2), [entries[2] as Entry, withdrawal], entries.slice(3)], 1_800_002_000);
    const present = key.authors.slice(0, 2);
    const waves = wavesOf(context, board);
    const all = cosignAll(context, present, board);
    parts = {
      context,
      groups: [group],
      keyMessages: [...key.commits, ...key.deals, ...key.confirms],
      parts: board,
      cosignatures: selectCosignatures(
        context.statement,
        board.map((part) => checkpointHash(part.checkpoint)),
        waves.map((wave) => wave.checkpoint),
        all,
      ),
      waves,
      openings: openAll(present, key.shares, key.keyed, waves, systemRandom),
      destroyed: [],
      writtenAt: 1_800_003_000,
    };
  });

  it('reveals exactly the names that signed and did not withdraw, once the trigger is met', async () => {
    const report = await verifyLines(writeRecord(parts), proofs);
    expect(report.failures).toEqual([]);
    expect(report.state).toBe('revealed');
    expect(report.openedBy).toEqual([[1, 2]]);
    const names = report.names.map((signer) => ('name' in signer ? signer.name : ''));
    expect(names.sort()).toEqual(NAMES.slice(1, 5).sort());
  });

  it('opens nothing below the trigger', () => {
    expect(wavesOf(parts.context, parts.parts.slice(0, 2))).toEqual([]);
    expect(parts.waves).toHaveLength(1);
  });

  it('stays unopened when fewer than k trustees open, and says which did', async () => {
    const lonely = { ...parts, openings: parts.openings.filter((opening) => opening.trustee === 1) };
    const report = await verifyLines(writeRecord({ ...lonely, writtenAt: destructionTime(parts.context.statement) }), proofs);
    expect(report.failures).toEqual([]);
    expect([report.state, report.names, report.openedBy]).toEqual(['unopened', [], [[1]]]);
  });

  it('ends destroyed when the trigger is not met, and keeps only hashes of what was signed', async () => {
    const end = destructionTime(parts.context.statement);
    const early = parts.parts.slice(0, 1);
    const record = {
      ...parts,
      parts: early,
      cosignatures: cosignAll(parts.context, key.authors.slice(0, 2), early),
      waves: [],
      openings: [],
      destroyed: key.authors.map((author: Author) => signDestroyed(author, end)),
      writtenAt: end + 5,
      stubs: new Set((early[0]?.entries ?? []).map(entryHash)),
    };
    const report = await verifyLines(writeRecord(record), proofs);
    expect(report.failures).toEqual([]);
    expect([report.state, report.destroyedBy, report.stubs]).toEqual(['destroyed', [1, 2, 3], 2]);
    const tooEarly = await verifyLines(writeRecord({ ...record, destroyed: [], writtenAt: end - 1 }), proofs);
    expect(tooEarly.failures.map((failure) => failure.code)).toEqual(['STUB_EARLY', 'STUB_EARLY']);
  });
});
