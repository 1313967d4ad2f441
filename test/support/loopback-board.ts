import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, createApi } from '#lib/api/client.ts';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import type { PermitAnswer } from '#lib/api/shapes.ts';
import type { Checkpoint } from '#lib/protocol/board/checkpoint.ts';
import { signCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { type CommitteeRequest, checkCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { type Body, listedHash } from '#lib/protocol/board/listed.ts';
import { signMessageReceipt } from '#lib/protocol/board/receipt.ts';
import { entryHash } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { GroupPolicy } from '#lib/protocol/permit/group-policy.ts';
import type { MixList, MixStep } from '#lib/protocol/reveal/mix.ts';
import { liveCountsWith } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import {
  type Held,
  type HeldCheckpoint,
  isKeyMessage,
  keyStateOf,
  Refusal,
  readAll,
  readMessage,
  readMix,
  requireTaken,
} from './held-statements.ts';
import { PLATFORM_SEED, type TestGroup } from './world.ts';

/** Checkpoints in one answer: far fewer than of a platform, so that short boards take several. */
const AT_ONCE = 3;

export type LoopbackBoard = {
  url: string;
  api: Api;
  /** Lets a test play a platform that lies: it gets the path, the honest answer, and what a trustee signed to get it. */
  tamper: ((path: string, answer: unknown, asked: CommitteeRequest | null) => unknown) | null;
  /** While true, every request is cut off. */
  down: boolean;
  /** Which life of its database this is. */
  epoch: string;
  /** Forgets messages and checkpoints after so many, as a database does that is put back from a copy. */
  putBack(id: string, messages: number, checkpoints: number): void;
  /** Forgets a statement, likewise. */
  forget(id: string): void;
  /** Who opened a statement, where it was not the account of its first group. */
  openers: Map<string, PermitAnswer>;
  /** Of a group: its policies, and the headers of its rolls where there are others than the one that statements name. */
  policies: Map<string, GroupPolicy[]>;
  histories: Map<string, RollHeader[]>;
  /** Every message that was posted, as it came, repetitions included. */
  posted: TrusteeMessage[];
  open(context: StatementContext, groups: readonly TestGroup[]): void;
  messages(id: string): TrusteeMessage[];
  keyMessages(id: string): KeyMessage[];
  /** What these make of the key. @throws Error where it is not made */
  keyed(id: string): Keyed;
  /** Steps with their lists. */
  steps(id: string): MixStep[];
  /** Puts a message into the list that nobody has posted, or takes messages out of it. */
  inject(id: string, message: TrusteeMessage, lists?: readonly MixList[]): void;
  drop(id: string, isDropped: (message: TrusteeMessage) => boolean): void;
  board(id: string): HeldCheckpoint[];
  /** Takes a body as the platform would after checking it; it waits for the next checkpoint. */
  submit(body: Body): void;
  /** Takes out what waits. */
  take(id: string): Body[];
  /** Publishes everything that waits, or nothing, in a checkpoint. */
  publish(id: string): Checkpoint;
  /** A checkpoint with these bodies on another history, which is not shown; `live` to lie about the counts. */
  sign(id: string, history: readonly HeldCheckpoint[], bodies: readonly Body[], time?: number, live?: number): HeldCheckpoint;
  close(): Promise<void>;
};

/**
 * A platform in memory that speaks the part of the contract that trustees use, over real HTTP on the loopback interface. It takes steps
 * by their places alone and openings of complete chains, and believes all proofs: its readers must not.
 */
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
      .then((body) => {
        if (request.method !== 'POST') return [answer(path, placeOf(url), url.searchParams.get('type')), null] as const;
        return path.endsWith('/committee') ? readForCommittee(path, body) : ([accept(path, body), null] as const);
      })
      .then(([honest, asked]) => (board.tamper ? board.tamper(path + url.search, honest, asked) : honest))
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

  function answer(path: string, after: number, type: string | null): unknown {
    const [area, id, what] = path.split('/');
    if (area === 'platform') return platformAnswer(platformKey, now());
    if (area === 'trustees') {
      const named = [...held.values()].map(({ context }, i) => ({ cursor: i + 1, id: context.id, committee: context.statement.committee }));
      const own = named.filter(({ cursor, committee }) => cursor > after && committee.trustees.some(({ key }) => key === id));
      return { epoch: board.epoch, after, statements: own.map(({ cursor, id: statement }) => ({ cursor, id: statement })) };
    }
    if (area === 'rolls') {
      const { leaves, header } = groupOf(held, id ?? '');
      return encodeRollFile(plantTree(leaves, header.depth));
    }
    if (area === 'groups') {
      const of = [...held.values()].flatMap(({ groups }) => groups).find((group) => group.id === id);
      if (what === 'policies') return { policies: board.policies.get(id ?? '') ?? [], refused: [] };
      return { id, group: of?.header.group, rolls: board.histories.get(id ?? '') ?? [of?.header] };
    }
    const { context, messages } = find(id);
    if (what === 'messages') {
      const listed = messages.map(({ message }, i) => ({ cursor: i + 1, message })).filter(({ message }) => message.type === type);
      return { epoch: board.epoch, after, messages: listed.filter(({ cursor }) => cursor > after) };
    }
    return { id, statement: context.statement, rolls: [...context.rolls.values()], state: 'keying', keyGeneration: [], time: now() };
  }

  function readForCommittee(path: string, body: string): readonly [unknown, CommitteeRequest] {
    const { context, messages, board: shown } = find(path.split('/')[1]);
    const parsed = parseJson(body);
    const asked = checkCommitteeRequest(context, parsed.ok ? parsed.value : null, now());
    if (!asked.ok) throw new Refusal(403, asked.code);
    const request = asked.value;
    if (request.want === 'capsules') return [groupOf(held, request.roll).capsules, request];
    if (request.want === 'permit')
      return [board.openers.get(context.id) ?? { openedBy: { by: 'account', group: context.statement.rolls[0]?.group } }, request];
    if (request.want === 'board')
      return [{ head: shown.length, checkpoints: shown.slice(request.after, request.after + AT_ONCE) }, request];
    const listed = messages.map(({ message, lists }, i) => ({ cursor: i + 1, message, ...(lists ? { lists } : {}) }));
    const after = request.after > messages.length ? 0 : request.after;
    return [{ epoch: board.epoch, after, messages: listed.filter(({ cursor }) => cursor > after) }, request];
  }

  function accept(path: string, body: string): unknown {
    const statement = find(path.split('/')[1]);
    const { context, messages } = statement;
    const lines = body.split('\n');
    const { message, lists } = lines.length > 1 ? readMix(context, lines) : { message: readMessage(context, body), lists: undefined };
    const hash = messageHash(message.type, message);
    board.posted.push(message);
    if (!messages.some((known) => known.hash === hash)) {
      requireTaken(statement, message, hash, now());
      messages.push(lists ? { message, hash, lists } : { message, hash });
    }
    return { receipt: signMessageReceipt(context, hash, now(), PLATFORM_SEED) };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sign: LoopbackBoard['sign'] = (id, history, bodies, time = now(), lied) => {
    const { context } = find(id);
    const before = readAll(context, board.keyed(id), history);
    const listed = bodies.map(({ entry, salt }) => ({ body: { entry, salt }, hash: listedHash(entryHash(entry), salt) }));
    listed.sort((a, b) => (a.hash < b.hash ? -1 : 1));
    const honest = liveCountsWith(
      before.tally,
      bodies.map(({ entry }) => entry),
    );
    const live = lied === undefined ? honest : new Map([...honest.keys()].map((group) => [group, lied]));
    const content = { listed: listed.map(({ hash }) => hash), live, time: Math.max(time, before.head.time + 1) };
    return { checkpoint: signCheckpoint(context, before.head, content, PLATFORM_SEED), bodies: listed.map((one) => one.body) };
  };
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
    openers: new Map(),
    policies: new Map(),
    histories: new Map(),
    posted: [],
    open: (context, groups) =>
      void held.set(context.id, { context, groups, messages: [], board: [], pending: [], wanted: new Set(), judged: null }),
    messages: (id) => find(id).messages.map(({ message }) => message),
    keyMessages: (id) => board.messages(id).filter(isKeyMessage),
    keyed: (id) => {
      const state = keyStateOf(find(id));
      if (state.status !== 'keyed') throw new Error(`no key is made: ${JSON.stringify(state)}`);
      return state;
    },
    steps: (id) => find(id).messages.flatMap(({ message, lists }) => (message.type === 'mix' && lists ? [{ mix: message, lists }] : [])),
    inject: (id, message, lists) =>
      void find(id).messages.push({ message, hash: messageHash(message.type, message), ...(lists ? { lists } : {}) }),
    drop: (id, isDropped) => {
      const statement = find(id);
      statement.messages = statement.messages.filter(({ message }) => !isDropped(message));
    },
    board: (id) => find(id).board,
    submit: (body) => void find(body.entry.statement).pending.push(body),
    take: (id) => find(id).pending.splice(0),
    sign,
    publish: (id) => {
      const statement = find(id);
      const part = sign(id, statement.board, statement.pending.splice(0));
      statement.board.push(part);
      const { listed: _, ...checkpoint } = part.checkpoint;
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
  return { version: 2, key, ...setup, time, trustees: [], graceMargin: 0, anonymityFloor: 8 };
}

function groupOf(held: ReadonlyMap<string, Held>, hash: string): TestGroup {
  const groups = [...held.values()].flatMap((statement) => statement.groups);
  const group = groups.find(({ header }) => rollHash(header) === hash);
  if (!group) throw new Refusal(404, 'UNKNOWN_ROLL');
  return group;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
