import type { ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import { type Board, createBoard, extendBoard } from '#lib/protocol/board/reader.ts';
import { entryHash } from '#lib/protocol/board/signature.ts';
import { judgeKeyGeneration, type Keyed, type KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { addStep, type Chains, chainTo, checkPlace, createChains, isComplete, mayTake } from '#lib/protocol/reveal/chain.ts';
import type { Mix, MixList } from '#lib/protocol/reveal/mix.ts';
import { parseMixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { TestGroup } from './world.ts';

/** A checkpoint as the platform holds it: with its list, and its bodies in listed order. */
export type HeldCheckpoint = { checkpoint: ListedCheckpoint; bodies: Body[] };
type HeldMessage = { message: TrusteeMessage; hash: string; lists?: readonly MixList[] };
/** A statement as the platform holds it. */
export type Held = {
  context: StatementContext;
  groups: readonly TestGroup[];
  messages: HeldMessage[];
  board: HeldCheckpoint[];
  pending: Body[];
  wanted: Set<string>;
  /** How the key messages of these hashes were judged, which takes a tenth of a second. */
  judged: { of: string; state: KeyState } | null;
};

const KEY_TYPES: readonly string[] = ['commit', 'deal', 'complaint', 'confirm'];

/** What the platform answers in place of what was asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

export function isKeyMessage(message: TrusteeMessage): message is KeyMessage {
  return KEY_TYPES.includes(message.type);
}

export function keyStateOf(held: Held): KeyState {
  const about = held.messages.filter(({ message }) => isKeyMessage(message));
  const of = about.map(({ hash }) => hash).join();
  if (held.judged?.of !== of) {
    const messages = about.map(({ message }) => message).filter(isKeyMessage);
    held.judged = { of, state: judgeKeyGeneration(held.context, messages) };
  }
  return held.judged.state;
}

/** The board that a history amounts to, its proofs believed. */
export function readAll(context: StatementContext, { transcript }: Pick<Keyed, 'transcript'>, history: readonly HeldCheckpoint[]): Board {
  const board = createBoard(transcript);
  for (const { checkpoint, bodies } of history) {
    const entries = bodies.map(({ entry }) => ({ nullifier: entry.nullifier, said: entry.said, hash: entryHash(entry) }));
    extendBoard(context, board, { checkpoint, listed: checkpoint.listed, entries });
  }
  return board;
}

export function readMessage(context: StatementContext, body: string): TrusteeMessage {
  const parsed = parseJson(body);
  const checked = checkTrusteeMessage(context, parsed.ok ? parsed.value : null);
  if (!checked.ok) throw new Refusal(400, checked.code);
  return checked.value;
}

export function readMix(context: StatementContext, lines: string[]): { message: Mix; lists: readonly MixList[] } {
  const read = parseMixLines(context, lines.slice(0, -1));
  if (!read.ok) throw new Refusal(400, read.code);
  return { message: read.value.mix, lists: read.value.lists };
}

/** @throws Refusal where a platform would not take a message at its place */
export function requireTaken(statement: Held, message: TrusteeMessage, hash: string, now: number): void {
  const { context, messages, board, wanted } = statement;
  const known = messages.map((one) => one.message);
  if (message.type === 'mix' || message.type === 'opening') {
    if (now >= destructionTime(context.statement)) throw new Refusal(409, 'STATEMENT_ENDED');
    const chains = chainsOf(statement, message.wave, message.content);
    if (message.type === 'mix') {
      if (!checkPlace(chains, message).ok) {
        wanted.add(message.previous);
        throw new Refusal(409, 'MESSAGE_EARLY');
      }
      if (!mayTake(chains, { hash, trustee: message.trustee, step: message.step }, wanted.has(hash)))
        throw new Refusal(409, 'MESSAGE_CONFLICT');
      return;
    }
    if (!isComplete(chains, chainTo(chains, message.mix))) {
      wanted.add(message.mix);
      throw new Refusal(409, 'MESSAGE_EARLY');
    }
    if (known.some((one) => one.type === 'opening' && one.trustee === message.trustee && one.mix === message.mix))
      throw new Refusal(409, 'MESSAGE_CONFLICT');
    return;
  }
  if (message.type === 'cosignature') {
    if (message.number > board.length) throw new Refusal(409, 'UNKNOWN_CHECKPOINT');
    return;
  }
  if (known.some((one) => slotOf(one) === slotOf(message))) throw new Refusal(409, 'MESSAGE_CONFLICT');
  if (message.type !== 'destroyed' && now > context.statement.openBy) throw new Refusal(409, 'KEYING_OVER');
}

function chainsOf({ context, messages }: Held, wave: number, content: string): Chains {
  const { threshold, trustees } = context.statement.committee;
  let chains = createChains({ content, threshold, keys: trustees.map(({ key }) => key) });
  for (const { message, hash } of messages)
    if (message.type === 'mix' && message.wave === wave && message.content === content && checkPlace(chains, message).ok)
      chains = addStep(chains, { hash, trustee: message.trustee, step: message.step, previous: message.previous });
  return chains;
}

function slotOf(message: TrusteeMessage): string {
  return `${message.type}/${message.trustee}/${message.type === 'complaint' ? message.deal.trustee : 0}`;
}
