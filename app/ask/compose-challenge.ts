/** From what an asker has filled in to a challenge that is signed and checked. Pure. */
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Platform } from '#lib/api/shapes.ts';
import { type Asker, describeAsker } from '#lib/protocol/challenge/asker-file.ts';
import { type ChallengeContext, checkChallenge, checkShownPurpose, signChallenge } from '#lib/protocol/challenge/challenge.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkAttestedName } from '#lib/protocol/member/name.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { tidyName } from '#lib/protocol/messages/visible-text.ts';

/** What an asker fills in. */
export interface Question {
  /** Null while there is no key file. */
  asker: Asker | null;
  /** The name for a new key file. */
  name: string;
  language: string;
  purpose: string;
  groups: string[];
  days: number;
}

export type QuestionField = 'asker' | 'name' | 'purpose' | 'groups';
export type QuestionProblem = { field: QuestionField; text: string };
export type ComposedQuestion = { ok: true; context: ChallengeContext; asker: Asker } | { ok: false; problems: QuestionProblem[] };

const DAY = 86_400;

interface Surroundings {
  platform: Platform;
  /** The newest rolls of the chosen groups that have arrived, checked. */
  headers: readonly RollHeader[];
  /** Unix seconds by the platform's clock. */
  now: number;
  /** 32 random bytes in hex. */
  nonce: string;
  createAsker: (name: string) => Asker;
}

/** The challenge, or everything that is missing. A key file is made here if the asker has none. */
export function composeQuestion(question: Question, { platform, headers, now, nonce, createAsker }: Surroundings): ComposedQuestion {
  const { language, days } = question;
  const text = question.purpose.normalize('NFC').replaceAll('\r\n', '\n').trim();
  const problems = listProblems(question, text, headers);
  if (problems.length > 0) return { ok: false, problems };
  const asker = question.asker ?? createAsker(tidyName(question.name));
  const purpose = { language, text };
  const rolls = headers
    .map((header) => ({ group: groupId(header.group), roll: rollHash(header) }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
  const terms = { nonce, purpose, rolls, expires: now + days * DAY, asker: describeAsker(asker) };
  const { verificationKey, setup } = platform;
  const challenge = signChallenge({ ...terms, verificationKey, setup }, hexToBytes(asker.seed));
  const checked = checkChallenge(challenge, headers);
  const shown = checked.ok ? checkShownPurpose(challenge) : checked;
  if (!checked.ok || !shown.ok) return { ok: false, problems: [{ field: 'purpose', text: `${capital(faultOf(checked, shown))}.` }] };
  return { ok: true, context: checked.value, asker };
}

function listProblems({ asker, name, groups }: Question, text: string, headers: readonly RollHeader[]): QuestionProblem[] {
  const problems: QuestionProblem[] = [];
  const named = asker ? null : checkAttestedName(tidyName(name));
  if (named && !named.ok)
    problems.push({ field: 'name', text: name.trim() ? `${capital(named.detail ?? 'this name cannot be used')}.` : 'Say who asks.' });
  if (text === '') problems.push({ field: 'purpose', text: 'Say what the answers are for.' });
  if (groups.length === 0) problems.push({ field: 'groups', text: 'Choose at least one group.' });
  else if (headers.length < groups.length) problems.push({ field: 'groups', text: 'The roll of one of the groups could not be fetched.' });
  return problems;
}

function faultOf(...checks: readonly ({ ok: true } | { ok: false; detail?: string })[]): string {
  const failed = checks.find((check) => !check.ok);
  return (failed && !failed.ok && failed.detail) || 'this cannot be asked as it is written';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
