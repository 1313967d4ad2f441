import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, createApi } from '#lib/api/client.ts';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import { type Checkpoint, emptyBoard, headOf, signCheckpoint } from '#lib/protocol/board/board.ts';
import { compareEntries, type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { judgeKeyGeneration } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { canonicalJson, type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { answerBoard, shownPart } from './board-answers.ts';
import type { BoardPart } from './record-parts.ts';
import { PLATFORM_SEED, type TestGroup } from './world.ts';

type Held = { context: StatementContext; groups: readonly TestGroup[]; messages: TrusteeMessage[]; board: BoardPart[]; pending: Entry[] };

/** Checkpoints to a segment: far fewer than on a platform, so that short boards have several. */
const SEGMENT = 3;

export type LoopbackBoard = {
  url: string;
  api: Api;
  /** Lets a test play a platform that lies: it gets the path with its query, and the honest answer. */
  tamper: ((path: string, answer: unknown) => unknown) | null;
  /** While true, every request is cut off. */
  down: boolean;
  /** Which life of its database this is. */
  epoch: string;
  /** Forgets messages and checkpoints after so many, as a database does that is put back from a copy. */
  putBack(id: string, messages: number, checkpoints: number): void;
  /** Forgets a statement, likewise. */
  forget(id: string): void;
  /** Every message that was posted, as it came, repetitions included. */
  posted: TrusteeMessage[];
  open(context: StatementContext, groups: readonly TestGroup[]): void;
  messages(id: string): TrusteeMessage[];
  board(id: string): BoardPart[];
  /** Takes an entry as the platform would after checking it; it waits for the next checkpoint. */
  submit(entry: Entry): void;
  /** Publishes everything that waits, or nothing, in a checkpoint. */
  publish(id: string): Checkpoint;
  close(): Promise<void>;
};

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** A platform in memory that speaks the part of the contract that trustees use, over real HTTP on the loopback interface. */
export async function startLoopbackBoard(now: () => number, platformKey: string): Promise<LoopbackBoard> {
  const held = new Map<string, Held>();
  const find = (id: string | undefined) => {
    const statement = held.get(id ?? '');
    if (!statement) throw new Refusal(404, 'UNKNOWN_STATEMENT');
    return statement;
  };

  const server = createServer((request, response) => {
    if (board.down) return void request.socket.destroy();
    response.setHeader('Connection', 'close'); // a proof made in this process can outlast an idle connection
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.replace('/api/anonymous/', '');
    readBody(request)
      .then((body) => (request.method === 'POST' ? accept(path, body) : answer(path, placeOf(url))))
      .then((honest) => (board.tamper ? board.tamper(path + url.search, honest) : honest))
      .then((result) => {
        if (board.down) return void request.socket.destroy();
        if (result instanceof Uint8Array) response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(result);
        else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(result));
      })
      .catch((error: unknown) => {
        const [status, code] = error instanceof Refusal ? [error.status, error.code] : [500, 'INTERNAL'];
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error: { code, message: String(error) } }));
      });
  });

  const placeOf = ({ searchParams }: URL) => {
    const epoch = searchParams.get('epoch');
    return epoch === null || epoch === board.epoch ? Number(searchParams.get('after') ?? 0) : 0;
  };

  function answer(path: string, after: number): unknown {
    const { epoch } = board;
    const [area, id, part] = path.split('/');
    if (area === 'platform') return platformAnswer(platformKey, now());
    if (area === 'trustees') {
      const named = [...held.values()].map(({ context }, i) => ({ cursor: i + 1, id: context.id, committee: context.statement.committee }));
      const own = named.filter(({ cursor, committee }) => cursor > after && committee.trustees.some(({ key }) => key === id));
      return { epoch, after, statements: own.map(({ cursor, id: statement }) => ({ cursor, id: statement })) };
    }
    if (area === 'rolls') return leavesOf(held, id ?? '');
    const { context, messages, board: shown } = find(id);
    if (part === 'messages')
      return { epoch, after, messages: messages.map((message, i) => ({ cursor: i + 1, message })).filter(({ cursor }) => cursor > after) };
    if (part === 'board') {
      const place = path.endsWith('/board') ? `${path}?after=${after}` : path;
      const board = answerBoard(shown.map(shownPart), place, ({ checkpoints }) => checkpoints === SEGMENT);
      if (!board) throw new Refusal(404, 'SEGMENT_NOT_FOUND');
      return board;
    }
    return { id, statement: context.statement, rolls: [...context.rolls.values()], state: 'keying', keyGeneration: [], time: now() };
  }

  function accept(path: string, body: string): unknown {
    const [, id] = path.split('/');
    const { context, messages } = find(id);
    const parsed = parseJson(body);
    const checked = checkTrusteeMessage(context, parsed.ok ? parsed.value : null);
    if (!checked.ok) throw new Refusal(400, checked.code);
    const message = checked.value;
    board.posted.push(message);
    const text = canonicalJson(message as Json);
    if (messages.some((known) => canonicalJson(known as Json) === text)) return { accepted: true };
    if (message.type !== 'cosignature' && messages.some((known) => slotOf(known) === slotOf(message)))
      throw new Refusal(409, 'MESSAGE_CONFLICT');
    const isOfKey = ['commit', 'deal', 'complaint', 'confirm'].includes(message.type);
    if (isOfKey && now() > context.statement.openBy) throw new Refusal(409, 'KEYING_OVER');
    if (message.type === 'opening' && now() >= destructionTime(context.statement)) throw new Refusal(409, 'STATEMENT_ENDED');
    messages.push(message);
    return { accepted: true };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const board: LoopbackBoard = {
    url,
    api: createApi(url, fetch),
    tamper: null,
    down: false,
    epoch: 'e0'.repeat(32),
    putBack: (id, messages, checkpoints) => {
      board.epoch = 'e1'.repeat(32);
      find(id).messages.splice(messages);
      find(id).board.splice(checkpoints);
    },
    forget: (id) => {
      board.epoch = 'e2'.repeat(32);
      held.delete(id);
    },
    posted: [],
    open: (context, groups) => void held.set(context.id, { context, groups, messages: [], board: [], pending: [] }),
    messages: (id) => find(id).messages,
    board: (id) => find(id).board,
    submit: (entry) => void find(entry.statement).pending.push(entry),
    publish: (id) => {
      const statement = find(id);
      const key = judgeKeyGeneration(statement.context, statement.messages as KeyMessage[]);
      if (key.status !== 'keyed') throw new Error('the statement is not open');
      const last = statement.board.at(-1);
      const entries = statement.pending.splice(0).sort(compareEntries);
      const head = last ? headOf(last.checkpoint) : emptyBoard(key.transcript);
      const checkpoint = signCheckpoint(statement.context, head, entries.map(entryHash), now(), PLATFORM_SEED);
      statement.board.push({ checkpoint, entries });
      return checkpoint;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return board;
}

function platformAnswer(key: string, time: number): unknown {
  const none = '0'.repeat(64);
  const setup = { verificationKey: none, setup: none, setupKind: 'dev', trial: true };
  return { version: 1, key, ...setup, time, trustees: [], graceMargin: 1, anonymityFloor: 8 };
}

function leavesOf(held: ReadonlyMap<string, Held>, hash: string): Uint8Array {
  const groups = [...held.values()].flatMap((statement) => statement.groups);
  const group = groups.find(({ header }) => rollHash(header) === hash);
  if (!group) throw new Refusal(404, 'UNKNOWN_ROLL');
  return encodeRollFile(plantTree(group.leaves, group.header.depth));
}

function slotOf(message: TrusteeMessage): string {
  const about = message.type === 'complaint' ? message.dealer : message.type === 'opening' ? message.wave : 0;
  return `${message.type}/${message.trustee}/${about}`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
