// Whether a person says yes before the trustee takes part in a statement, and what that person has said
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { hex32 } from '#lib/protocol/messages/shape.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

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
  /** What was said of a statement. While nothing was, it is listed among those that wait. */
  answerTo(context: StatementContext): JoinAnswer | null;
  /** Whether it is listed among those that wait, and its key can still be made. `now` in Unix seconds. */
  isAsked(id: Hex32, now: number): boolean;
  /** Statements that wait for an answer, those first whose key has to be made soonest. */
  waiting(): Asked[];
  /** Takes an answer; false where nobody asks. It is on the disk when this returns. */
  say(id: Hex32, said: JoinAnswer): Promise<boolean>;
  /** A statement that can no longer be joined is asked about no more. */
  forget(id: Hex32): void;
};

/** Answers that are kept: a statement is decided within minutes of its answer, and then never asked about again. */
const MOST_SAID = 1_000;
/** Statements that are listed; what comes beyond them waits unseen until these are decided. */
const MOST_WAITING = 200;

/** @param asks what the operator says now; undefined for what was said before, at first that nobody is asked */
export async function openConsent(disk: Disk, asks: boolean | undefined): Promise<JoinConsent> {
  const stored = (await readStored(disk, 'consent.json', consentFileShape)) ?? { version: 2 as const, asks: false, said: [] };
  const said = new Map(stored.said.map(({ statement, answer }) => [statement, answer]));
  const waiting = new Map<Hex32, Asked>();
  const isAsking = asks ?? stored.asks;
  const save = () => {
    const newest = [...said].slice(-MOST_SAID).map(([statement, answer]) => ({ statement, answer }));
    return writeStored(disk, 'consent.json', { version: 2, asks: isAsking, said: newest }, consentFileShape);
  };
  if (isAsking !== stored.asks) await save();
  return {
    asks: isAsking,
    answerTo(context) {
      const known = said.get(context.id) ?? null;
      if (known !== null) waiting.delete(context.id);
      else if (waiting.size < MOST_WAITING) waiting.set(context.id, describeAsked(context));
      return known;
    },
    isAsked: (id, now) => (waiting.get(id)?.openBy ?? 0) > now,
    waiting: () => [...waiting.values()].sort((a, b) => a.openBy - b.openBy),
    async say(id, answer) {
      if (!waiting.has(id)) return false;
      said.set(id, answer);
      await save();
      waiting.delete(id);
      return true;
    },
    forget: (id) => void waiting.delete(id),
  };
}

function describeAsked({ id, statement, rolls }: StatementContext): Asked {
  const { threshold, trustees } = statement.committee;
  return {
    ...{ id, title: statement.text[0]?.title ?? '', groups: [...rolls.values()].map(({ group }) => group.name) },
    ...{ openBy: statement.openBy, deadline: statement.deadline, threshold, trustees: trustees.length },
  };
}
