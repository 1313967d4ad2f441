// Whether a person says yes before the trustee takes part in a statement, and what that person has said

import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { hex32 } from '#lib/protocol/messages/shape.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { lineOf } from './fair-order.ts';

const answer = z.enum(['join', 'decline']);
/** `consent.json`: whether a person is asked, and the newest answers, oldest first. */
const consentFileShape = z.strictObject({
  version: z.literal(2),
  asks: z.boolean(),
  said: z.array(z.strictObject({ statement: hex32, answer })),
});
type JoinAnswer = z.infer<typeof answer>;

/** A statement about which a person is asked. Nothing speaks against it but that nobody has said yes. */
export type Asked = { id: Hex32; title: string; groups: string[]; openBy: number; deadline: number; threshold: number; trustees: number };

export type JoinConsent = {
  /** Whether a person is asked at all. */
  readonly asks: boolean;
  /** What was said of a statement. While nothing was, it is listed among those that wait, if there is room for whoever opened it. */
  answerTo(context: StatementContext, openedBy: OpenedBy): JoinAnswer | null;
  /** Whether it is listed among those that wait, and its key can still be made. `now` in Unix seconds. */
  isAsked(id: Hex32, now: number): boolean;
  /** Statements that wait for an answer, those first whose key has to be made soonest. */
  waiting(): Asked[];
  /** How many more wait than are listed. */
  unlisted(): number;
  /** Takes an answer; false where nobody asks. It is on the disk when this returns. */
  say(id: Hex32, said: JoinAnswer): Promise<boolean>;
  /** A statement that can no longer be joined is asked about no more. */
  forget(id: Hex32): void;
};

/** Answers that are kept: a statement is decided within minutes of its answer, and then never asked about again. */
const MOST_SAID = 1_000;
/** Statements that are listed. Where more wait, those of the longest line give way, so that what floods one group hides no other's. */
const MOST_WAITING = 2_000;

type Listed = { asked: Asked; line: string };

/** @param asks what the operator says now; undefined for what was said before, at first that nobody is asked */
export async function openConsent(disk: Disk, asks: boolean | undefined): Promise<JoinConsent> {
  const stored = (await readStored(disk, 'consent.json', consentFileShape)) ?? { version: 2 as const, asks: false, said: [] };
  const said = new Map(stored.said.map(({ statement, answer }) => [statement, answer]));
  const waiting = new Map<Hex32, Listed>();
  const unlisted = new Set<Hex32>();
  const isAsking = asks ?? stored.asks;
  const save = () => {
    const newest = [...said].slice(-MOST_SAID).map(([statement, answer]) => ({ statement, answer }));
    return writeStored(disk, 'consent.json', { version: 2, asks: isAsking, said: newest }, consentFileShape);
  };
  if (isAsking !== stored.asks) await save();
  const forget = (id: Hex32) => {
    waiting.delete(id);
    unlisted.delete(id);
  };
  const list = (asked: Asked, line: string) => {
    const isFull = waiting.size >= MOST_WAITING;
    const last = isFull ? findGivingWay(waiting.values(), line) : undefined;
    if (last) waiting.delete(last.id);
    if (last) unlisted.add(last.id);
    if (isFull && !last) return unlisted.add(asked.id);
    unlisted.delete(asked.id);
    return waiting.set(asked.id, { asked, line });
  };
  return {
    asks: isAsking,
    answerTo(context, openedBy) {
      const known = said.get(context.id) ?? null;
      if (known !== null) forget(context.id);
      else if (!waiting.has(context.id)) list(describeAsked(context), lineOf(openedBy));
      return known;
    },
    isAsked: (id, now) => (waiting.get(id)?.asked.openBy ?? 0) > now,
    waiting: () => [...waiting.values()].map(({ asked }) => asked).sort((a, b) => a.openBy - b.openBy),
    unlisted: () => unlisted.size,
    async say(id, answer) {
      if (!waiting.has(id)) return false;
      said.set(id, answer);
      await save();
      waiting.delete(id);
      return true;
    },
    forget,
  };
}

/** What was listed last of the longest line, where that stays no shorter than the line of the one that comes. */
function findGivingWay(waiting: Iterable<Listed>, line: string): Asked | undefined {
  const lines = Map.groupBy(waiting, (one) => one.line);
  const longest = [...lines.values()].reduce((most, one) => (one.length > most.length ? one : most), []);
  return longest.length > (lines.get(line)?.length ?? 0) + 1 ? longest.at(-1)?.asked : undefined;
}

function describeAsked({ id, statement, rolls }: StatementContext): Asked {
  const { threshold, trustees } = statement.committee;
  return {
    ...{ id, title: statement.text[0]?.title ?? '', groups: [...rolls.keys()].map(nameGroupsBy(rolls)) },
    ...{ openBy: statement.openBy, deadline: statement.deadline, threshold, trustees: trustees.length },
  };
}
