import { findKey, type Manifest } from '#lib/proof/manifest.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { countAll, type RecordReport, STEPS, type Step } from '#lib/protocol/record/report.ts';

/** What each step of a check looks for, as a clause. */
const STEP_CLAUSES: Record<Step, string> = {
  statement: 'the statement is well formed, its trigger can be met, and its proving key is one that this program knows',
  rolls: 'every roll is signed by its issuer and holds exactly the members that it claims',
  key: 'the trustees made the key of this statement together, and each has confirmed it',
  checkpoints: 'the checkpoints follow each other without a gap and are signed by the platform',
  cosignatures: 'trustees vouch for the checkpoints that count',
  waves: 'what was opened met the trigger, at a checkpoint that a quorum of trustees vouches for',
  entries: 'the signatures are all those that were to be opened, in their order, one a person',
  proofs: 'every signature was made by a member, and seals the token that the issuer attested',
  mixes: 'every list of signatures is proven to be the one before, shuffled',
  openings: 'every opening by a trustee is proven to be right',
  names: 'each name belongs to a token that this program took out itself, and stands in the roll',
  destruction: 'nothing is missing that trustees say they have seen, and none destroyed its share before the time',
  end: 'the file is whole and unchanged since the platform wrote it',
};

/** The step while it runs, or when it is not yet known how it ends. */
export function askOfStep(step: Step): string {
  return `Whether ${STEP_CLAUSES[step]}.`;
}

/** What a step has established, as a sentence that can be quoted: nothing is said to hold that was not checked, or did not. */
function sayOfStep(step: Step, passed: boolean | null): string {
  const clause = STEP_CLAUSES[step];
  if (passed === null) return `Not checked: whether ${clause}.`;
  return passed ? `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.` : `It does not hold that ${clause}.`;
}

/** One step of a finished check. `passed` is null where the record had nothing of the kind to check. */
export type StepResult = { step: Step; sentence: string; checked: number; failed: number; passed: boolean | null };

/** The steps of a report in their order. */
export function listSteps(report: Pick<RecordReport, 'checked' | 'failed'>): StepResult[] {
  return STEPS.map((step) => {
    const [checked, failed] = [report.checked[step], report.failed[step]];
    const passed = failed > 0 ? false : checked > 0 ? true : null;
    return { step, sentence: sayOfStep(step, passed), checked, failed, passed };
  });
}

/** That a list of failures is not all of them; null when it is. */
export function describeRest({ failures, failed }: Pick<RecordReport, 'failures' | 'failed'>): string | null {
  const all = countAll(failed);
  return all > failures.length
    ? `These are ${failures.length} of ${all} failures: those that were found first. The others were counted and not kept.`
    : null;
}

/**
 * What cannot be told from the record or is not proven by it, in sentences; the outcome must not be quoted without them.
 * `manifest` is the one that the check was made with.
 */
export function listCaveats(report: RecordReport, manifest: Manifest): string[] {
  const caveats: string[] = [];
  const key = report.statement && findKey(manifest, report.statement.verificationKey);
  if (key?.setup === 'dev') caveats.push('The proving key is a development key: whoever made it could forge signatures.');
  if (report.names.length > 0)
    caveats.push(
      'That exactly these signatures were to open is the word of the trustees who opened them: those that did not open are gone.',
    );
  if (report.unopened.length > 0)
    caveats.push(
      `Trustees say that ${report.unopened.length} more ${report.unopened.length === 1 ? 'wave of names was' : 'waves of names were'} due and not opened in time.`,
    );
  const silent = listSilent(report);
  if (silent.length > 0) caveats.push(`What these trustees saw at the end is not in this record: ${silent.join(', ')}.`);
  if (report.equalNames.length > 0) caveats.push(describeEqualNames(report.equalNames));
  if (report.equalTokens > 0)
    caveats.push(
      `${report.equalTokens} ${report.equalTokens === 1 ? 'signature bears a name' : 'signatures bear names'} that the same roll holds twice.`,
    );
  for (const group of report.groups) {
    const unreadable = describeUnreadable(group, report);
    if (unreadable !== null) caveats.push(unreadable);
  }
  for (const culprit of report.culprits) caveats.push(describeCulprit(culprit, report));
  if (report.destroyedBy.length > 0) caveats.push('That trustees destroyed their shares is their word; no file can prove it.');
  return caveats;
}

function describeUnreadable({ id, name, issuer }: RecordReport['groups'][number], { names }: RecordReport): string | null {
  const unreadable = names.filter((one) => one.group === id && one.name === null).length;
  if (unreadable === 0) return null;
  const of = countOf(unreadable, 'signature', 'signatures');
  return `Of ${of} of ${isolate(name)} the name is unreadable: its issuer, with the key ${issuer}, left no capsule that opens.`;
}

/** Trustees of a statement that has ended without a reveal or with one, who have not attested what they saw. */
function listSilent({ statement, state, destroyedBy, writtenAt }: RecordReport): string[] {
  const hasEnded = statement && writtenAt !== null && writtenAt >= statement.deadline + statement.grace;
  if (!hasEnded || state === 'aborted' || state === null) return [];
  return statement.committee.trustees.flatMap(({ name }, i) =>
    destroyedBy.includes(i + 1) ? [] : [`trustee ${i + 1} (${isolate(name)})`],
  );
}

const REASONS: Record<RecordReport['culprits'][number]['reason'], string> = {
  BAD_COMMIT: 'began the making of the key with a message that proves nothing',
  BAD_DEAL: 'dealt a part of the key that does not fit its commitment',
  BAD_SHARE: 'gave another trustee a wrong share of the key',
  FALSE_COMPLAINT: 'accused another trustee falsely',
  BAD_COMPLAINT: 'accused another trustee without proof',
  BAD_CONFIRM: 'confirmed another key than the one that was made',
  SILENT: 'did not do its part in making the key',
  FORKED: 'signed two things of which only one can be so: two boards, or two messages in making the key',
};

function describeCulprit({ trustee, reason }: RecordReport['culprits'][number], report: RecordReport): string {
  const name = report.statement?.committee.trustees[trustee - 1]?.name ?? '';
  return `Trustee ${trustee} (${isolate(name)}) ${REASONS[reason]}.`;
}

const MOST_EQUAL_NAMES = 10;

function describeEqualNames(names: readonly string[]): string {
  const listed = names.slice(0, MOST_EQUAL_NAMES).map(isolate).join(', ');
  if (names.length === 1) return `The name ${listed} stands more than once: two people of one name, or one person with two identities.`;
  const among = names.length > MOST_EQUAL_NAMES ? ', among them' : ':';
  return `${names.length} names stand more than once${among} ${listed}. Each is two people of one name, or one person with two identities.`;
}

/** A name quoted within a sentence, so that its direction stays its own, on a page and in a terminal. */
function isolate(text: string): string {
  return `\u2068${quote(text)}\u2069`;
}

/** A group of a record, with what tells it from a group of the same name that somebody else has made. */
export function describeIssued({ name, size, issuer }: RecordReport['groups'][number]): string {
  return `${quote(name)}: ${countOf(size, 'member', 'members')}, issuer's key ${issuer}`;
}

/** By how much two honest clocks may differ. */
const CLOCK_SECONDS = 60;

/**
 * What to say of a record that was sealed in the future of the reader, whose clock says `now`; null otherwise. It is no failure:
 * nothing shows which of the two clocks is wrong. Unix seconds.
 */
export function describeFutureSeal({ writtenAt }: Pick<RecordReport, 'writtenAt'>, now: number): string | null {
  if (writtenAt === null || writtenAt <= now + CLOCK_SECONDS) return null;
  return (
    `By the platform’s clock this record was sealed at ${inUtc(writtenAt)}; by the clock of this device it is only ${inUtc(now)}. ` +
    'One of them is wrong. Whether the deadline had passed was judged by the platform’s.'
  );
}

/** A time as everybody reads it the same. @param seconds Unix seconds */
export function inUtc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}

/** How the statement ended, or stands, in a sentence. */
export function describeOutcome(report: RecordReport): string {
  const people = (count: number) => countOf(count, 'person', 'people');
  switch (report.state) {
    case 'revealed':
      return `${people(report.names.length)} signed together, and their names are open.`;
    case 'open':
      return `${people(report.signatures)} have signed. The names are sealed.`;
    case 'closed':
      return `${people(report.signatures)} signed before the deadline. The names are sealed.`;
    case 'unvouched':
      return 'The time is over, by the platform’s word: too few trustees have said what they saw at the end.';
    case 'destroyed':
      return 'The condition was not met before the deadline. The names were never opened.';
    case 'unopened':
      return 'Enough signed, but too few trustees opened the names before the time was over. They stay sealed.';
    case 'keying':
      return 'The trustees were still making the key when the record was written.';
    case 'aborted':
      return 'The trustees could not make a key, so nobody could sign.';
    default:
      return 'Nothing can be said of the outcome.';
  }
}
