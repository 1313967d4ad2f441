import { beforeAll, describe, expect, it } from 'vitest';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { headOf } from '#lib/protocol/board/checkpoint.ts';
import { lastFinal } from '#lib/protocol/board/cosignature.ts';
import { type Entry, entryHash, type Said } from '#lib/protocol/board/signature.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import { type Attested, signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { contentOf } from '#lib/protocol/reveal/wave-content.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { seeded } from '../circuits/signer.ts';
import { cosign, type PublishedBoard, publish, type RecordParts, reveal, writeRecord } from '../support/record-parts.ts';
import { signOnce } from '../support/recorded-entries.ts';
import { realProofSystem, verifyLines } from '../support/verify-lines.ts';
import { createCommittee, createGroup, createStatement, type KeyCeremony, makeKey, systemRandom } from '../support/world.ts';

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

/**
 * The protocol as one story, without a platform: eight are enrolled, six sign with real proofs, one of them takes it back and one waits
 * for more people than come, two of four trustees mix, three open, and anybody checks the record.
 */
describe('the whole protocol', () => {
  let proofs: ProofSystem;
  let context: StatementContext;
  let key: KeyCeremony;
  let board: PublishedBoard;
  let parts: RecordParts;

  beforeAll(async () => {
    const manifest = await loadManifest(readFromDisk());
    if (!manifest.ok) throw new Error(manifest.code);
    const current = currentKey(manifest.value);
    const random = seeded('whole protocol');
    const setup = { verificationKey: current.verificationKey, setup: current.transcript, random };
    proofs = await realProofSystem();
    const group = createGroup('Harbour pilots', NAMES, random);
    const committee = createCommittee(4, 2, random);
    context = createStatement([group], committee, { count: 4 }, { ...setup, change: { together: 3 } });
    key = makeKey(context, committee, random);

    const say = (member: number, action: 'sign' | 'withdraw', minimum?: number) =>
      signOnce(context, key.keyed.key, group, member, { action, group: group.id, ...(minimum ? { minimum } : {}) } as Said);
    const entries: Entry[] = [];
    for (const member of [0, 1, 2, 3, 4]) entries.push(await say(member, 'sign'));
    entries.push(await say(5, 'sign', 6)); // five stand in the end
    const withdrawal = await say(0, 'withdraw'); // by nullifier: no receipt is needed
    board = publish(context, key.keyed, [entries.slice(0, 2), [entries[2] as Entry, withdrawal], entries.slice(3)], 1_800_002_000);
    const [due] = board.waves;
    if (!due) throw new Error('the trigger is met');
    const plan = { mixers: [4, 2], openers: [1, 2, 4], random: systemRandom };
    parts = {
      context,
      groups: [group],
      keyMessages: [...key.commits, ...key.deals, ...key.confirms],
      checkpoints: board.checkpoints,
      cosignatures: key.authors.slice(0, 3).map((author) => cosign(author, board.checkpoints[2]!)),
      waves: [reveal(context, key, [group], board, due, plan)],
      destroyed: [],
      writtenAt: 1_800_003_000,
    };
  });

  it('reveals exactly the names that signed and neither withdrew nor wait for more, once the trigger is met', async () => {
    const report = await verifyLines(writeRecord(parts), proofs);
    expect(report.failures).toEqual([]);
    expect(report.state).toBe('revealed');
    expect(report.names.map(({ name }) => name).sort()).toEqual(NAMES.slice(1, 5).sort());
  });

  it('says in no line in which checkpoint, hence when, anybody signed', () => {
    const listed = new Set(board.checkpoints.flatMap((checkpoint) => checkpoint.listed));
    const lines = writeRecord(parts);
    const ofCheckpoints = lines.filter((line) => line.includes('"type":"checkpoint"'));
    expect(ofCheckpoints).toHaveLength(3);
    const others = lines.filter((line) => !ofCheckpoints.includes(line)).join('\n');
    for (const hash of listed) expect(others).not.toContain(hash);
    for (const entry of board.entries.values()) for (const line of ofCheckpoints) expect(line).not.toContain(entryHash(entry));
  });

  it('opens nothing below the trigger, and nothing before a quorum of three has cosigned', () => {
    expect(board.waves).toMatchObject([{ number: 1, checkpointNumber: 3 }]);
    const hashes = board.checkpoints.map((checkpoint) => headOf(checkpoint).hash);
    expect(lastFinal(context.statement, hashes, parts.cosignatures.slice(0, 2))).toBe(0);
    expect(lastFinal(context.statement, hashes, parts.cosignatures)).toBe(3);
  });

  it('ends unopened, destroyed or unvouched without a reveal, as k trustees attest, and keeps salted hashes of what was signed', async () => {
    const end = destructionTime(context.statement);
    const last = board.checkpoints[2]!;
    const head = { number: 3, checkpoint: headOf(last).hash };
    const wave = { number: 1, content: contentOf(parts.waves[0]!.wave), opened: false };
    const ended = async (attested: Attested, authors: number) => {
      const destroyed = key.authors.slice(0, authors).map((author) => signDestroyed(author, attested, end));
      return verifyLines(writeRecord({ ...parts, waves: [], destroyed, writtenAt: end + 5 }), proofs);
    };
    const outcomes = [await ended({ head, waves: [wave] }, 3), await ended({ head, waves: [] }, 3), await ended({ head, waves: [] }, 2)];
    expect(outcomes.map(({ failures }) => failures)).toEqual([[], [], []]);
    expect(outcomes.map(({ state }) => state)).toEqual(['unopened', 'destroyed', 'unvouched']);
  });

  it('T54: is not told without the reveal that k trustees vouch for, nor cut short before what they cosigned', async () => {
    const end = destructionTime(context.statement);
    const opened = { number: 1, content: contentOf(parts.waves[0]!.wave), opened: true };
    const head = { number: 3, checkpoint: headOf(board.checkpoints[2]!).hash };
    const destroyed = key.authors.slice(0, 3).map((author) => signDestroyed(author, { head, waves: [opened] }, end));
    const hidden = await verifyLines(writeRecord({ ...parts, waves: [], destroyed, writtenAt: end + 5 }), proofs);
    expect(hidden.failures.map(({ code }) => code)).toContain('VOUCHED_MISSING');
    const short = { ...parts, waves: [], checkpoints: board.checkpoints.slice(0, 2), cosignatures: [], destroyed, writtenAt: end + 5 };
    expect((await verifyLines(writeRecord(short), proofs)).failures.map(({ code }) => code)).toContain('VOUCHED_MISSING');
    expect((await verifyLines(writeRecord({ ...parts, destroyed, writtenAt: end + 5 }), proofs)).failures).toEqual([]);
  });
});
