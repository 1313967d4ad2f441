import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDisk } from '#lib/host/disk.ts';
import { checkpointHash } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { signPlatformSuccessor } from '#lib/protocol/statement/platform-successor.ts';
import { describeStatus } from '#lib/trustee/describe-status.ts';
import { seeded } from '../circuits/signer.ts';
import type { HeldCheckpoint } from '../support/held-statements.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { type Actor, runRounds, runSeconds, type Stage, startAll, vouch } from './stage.ts';

let stage: Stage;
let actors: Actor[];
const first = () => actors[0] as Actor;
const id = () => stage.context.id;
const publish = () => stage.board.publish(id());
const cosigned = (trustee: number) => stage.messagesOf('cosignature').filter((message) => message.trustee === trustee);
const logFile = () => path.join(first().folder, 'statements', id(), 'board.log');
const refusals = (actor: Actor) => actor.lines.filter((line) => line.includes('refused')).map((line) => line.split('refused: ')[1]);
const advance = () => {
  stage.clock.now += 400; // past every pause that follows a failure
};

beforeEach(async () => {
  stage = await setKeyedStage();
  actors = await startAll(stage);
  await runRounds(actors, 1);
});
afterEach(() => stage.close());

/** Shows another board than the one that is there: the same key and bodies, another history. */
function fork(): void {
  const shown = stage.board.board(id());
  const history: HeldCheckpoint[] = [];
  for (const { bodies } of shown.splice(0)) history.push(stage.board.sign(id(), history, bodies));
  shown.push(...history);
}

describe('a platform that lies about the board', () => {
  it('gets no cosignature for a proof that does not hold, and keeps those for what came before', async () => {
    await stage.sign(0);
    publish();
    await stage.sign(1);
    publish();
    const shown = stage.board.board(id());
    const [one, two] = shown.map(({ bodies }) => bodies[0]!);
    const good = shown[1]!;
    const bent = { ...two!, entry: { ...two!.entry, sealed: one!.entry.sealed } };
    shown[1] = stage.board.sign(id(), shown.slice(0, 1), [bent]);
    await runRounds(actors, 3);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1]);
    expect(refusals(first())).toEqual(['BAD_PROOF (a proof of checkpoint 2 does not hold)']);
    expect(stage.messagesOf('mix')).toEqual([]);
    shown[1] = good;
    advance();
    await runSeconds(stage, actors, 6);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1, 2]);
    expect(stage.messagesOf('opening')).toHaveLength(4);
  });

  it('gets no cosignature for a second signature of one person, nor for invented live counts, and recovers when it mends its board (T52)', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    expect(refusals(first()).at(-1)).toContain('ALREADY_SIGNED');
    const shown = stage.board.board(id());
    shown.pop();
    advance();
    await stage.sign(1);
    const [body] = stage.board.take(id());
    const listed = stage.board.sign(id(), shown, [body!], undefined, 0);
    shown.push(listed);
    await runRounds(actors, 1);
    expect(refusals(first()).at(-1)).toContain('CHECKPOINT_LIVE');
    shown.pop();
    advance();
    shown.push(stage.board.sign(id(), shown, [body!]));
    await runRounds(actors, 2);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('gets no second cosignature of one number when it shows another history, not even after a restart', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    stage.clock.now += 1;
    fork();
    publish();
    await runRounds(actors, 2);
    expect(refusals(first()).at(-1)).toContain('CHECKPOINT_CHAIN');
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(cosigned(1).map(({ number }) => number)).toEqual([1]);
  });

  it('gets nothing more from one whose own log was lost either: the journal knows what was cosigned', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    stage.clock.now += 1;
    fork();
    await stage.sign(1);
    publish();
    rmSync(logFile());
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(again.lines.join('\n')).toContain('FORKED: the board is not the one that was cosigned before');
    expect(cosigned(1).map(({ number }) => number)).toEqual([1]);
    expect(stage.messagesOf('mix')).toEqual([]);
  });

  it('cannot hide a trustee that cosigned two checkpoints of one number: its own hand names it', async () => {
    await stage.sign(0);
    publish();
    await runRounds([first()], 1);
    await vouch(stage, 2);
    const author = { context: stage.context, trustee: 2, seed: stage.committee.seeds[1] as Uint8Array };
    stage.board.inject(id(), signCosignature(author, { number: 1, hash: 'd'.repeat(64) }));
    await runRounds([first()], 1);
    expect(first().lines.join('\n')).toContain("FORKED: trustee 2 has cosigned another checkpoint than the board's");
  });
});

describe('a platform and one of four trustees that show each half another board (T39)', () => {
  it('get the second wave mixed nowhere: no two boards that differ become final', async () => {
    for (const member of [0, 1]) await stage.sign(member);
    const [ann, ben] = stage.board.take(id());
    await stage.sign(2);
    const [chloe] = stage.board.take(id());
    const boards = [[stage.board.sign(id(), [], [ann!, ben!])], [stage.board.sign(id(), [], [ann!, chloe!])]] as const;
    const rogue = { context: stage.context, trustee: 4, seed: stage.committee.seeds[3] as Uint8Array };
    for (const [part] of boards) stage.board.inject(id(), signCosignature(rogue, { number: 1, hash: checkpointHash(part.checkpoint) }));
    stage.board.tamper = (_, answer, asked) => {
      if (asked?.want !== 'board') return answer;
      const shown = boards[asked.trustee === 3 ? 1 : 0];
      return { head: 1, checkpoints: shown.slice(asked.after) };
    };
    stage.board.board(id()).push(boards[0][0]);
    await runSeconds(stage, actors.slice(0, 3), 12);
    const contents = new Set(stage.messagesOf('mix').map(({ content }) => content));
    expect(contents.size).toBe(1); // two honest and the rogue: the first board alone is final
    expect(stage.messagesOf('mix').map(({ trustee }) => trustee)).not.toContain(3);
    expect(actors[2]!.lines.join('\n')).toContain('FORKED');
  });
});

describe('a platform that lies about what its board holds where (T9)', () => {
  type Answer = { head: number; checkpoints: HeldCheckpoint[] };
  const lie = (change: (honest: Answer) => unknown) => {
    stage.board.tamper = (_, answer, asked) => (asked?.want === 'board' ? change(answer as Answer) : answer);
  };

  it('gets nothing for an answer that skips, repeats, holds back or bends, and is served when it mends', async () => {
    await stage.sign(0);
    for (let number = 1; number <= 5; number++) publish(); // two answers of the loopback platform
    const bodies = (change: (body: HeldCheckpoint['bodies'][number]) => unknown) => (honest: Answer) => ({
      ...honest,
      checkpoints: honest.checkpoints.map((one) => ({ ...one, bodies: one.bodies.map(change) })),
    });
    const other = createListingSalt(seeded('other salt'));
    const lies: [string, (honest: Answer) => unknown][] = [
      ['BOARD_HEAD', ({ head }) => ({ head, checkpoints: [] })],
      ['CHECKPOINT_NUMBER', ({ head, checkpoints }) => ({ head, checkpoints: checkpoints.slice(1) })],
      ['CHECKPOINT_NUMBER', ({ head, checkpoints }) => ({ head, checkpoints: checkpoints.flatMap((one) => [one, one]) })], // the first is good
      ['ENTRY_NOT_LISTED', bodies((body) => ({ ...body, salt: other }))],
      ['ENTRY_NOT_LISTED', ({ head, checkpoints }) => ({ head, checkpoints: checkpoints.map((one) => ({ ...one, bodies: [] })) })],
    ];
    for (const [code, change] of lies) {
      rmSync(logFile(), { force: true });
      const trustee = await stage.start(1);
      lie(change);
      await runRounds([trustee], 1);
      expect([code, refusals(trustee).at(-1)]).toEqual([code, expect.stringContaining(code)]);
      advance();
    }
    stage.board.tamper = null;
    await runRounds([await stage.start(1)], 1);
    expect(cosigned(1).at(-1)).toMatchObject({ number: 5 });
  });
});

describe('a platform that hides what a trustee has said', () => {
  it('is reported in log and status, with the receipt kept (T54)', async () => {
    stage.board.drop(id(), ({ type, trustee }) => type === 'confirm' && trustee === 1);
    const again = await stage.start(1);
    stage.board.tamper = (_, answer, asked) => {
      if (asked?.want !== 'messages') return answer;
      const { messages, ...rest } = answer as { messages: { message: { type: string; trustee: number } }[] };
      return { ...rest, messages: messages.filter(({ message }) => message.type !== 'confirm' || message.trustee !== 1) };
    };
    await runRounds([again], 2);
    expect(again.lines.filter((line) => line.includes('has given a receipt for the confirm'))).toHaveLength(1);
    const status = await describeStatus(createDisk(again.folder));
    expect(status.join('\n')).toContain('WARNING: the platform hides a confirm that it gave a receipt for');
  });

  it('is reported in log and status too when it keeps from the public what k have opened, until it shows it (T54)', async () => {
    const isHidden = (place: string) => place.endsWith('&type=opening');
    stage.board.tamper = (place, answer) => (isHidden(place) ? { ...(answer as object), messages: [] } : answer);
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    await runSeconds(stage, actors, 6);
    expect(stage.messagesOf('opening')).toHaveLength(4);
    const warning = 'WARNING: the platform hides wave 1, which k trustees have opened';
    const tell = async () => [
      first().lines.filter((line) => line.includes(warning)).length,
      (await describeStatus(createDisk(first().folder))).join(),
    ];
    expect(await tell()).toEqual([0, expect.not.stringContaining(warning)]); // a platform may take a moment
    stage.clock.now += 60;
    await runRounds(actors, 2);
    expect(await tell()).toEqual([1, expect.stringContaining(warning)]);
    stage.board.tamper = null;
    stage.clock.now += 60;
    await runRounds(actors, 2);
    expect(await tell()).toEqual([1, expect.not.stringContaining(warning)]);
  });

  it('binds a restored keystore by what it still shows: no fork is cosigned, and nothing new is joined (T58)', async () => {
    const folder = path.join(first().folder, 'statements', id());
    cpSync(folder, `${folder}-copy`, { recursive: true });
    await stage.sign(0);
    publish();
    await runRounds(actors, 2);
    expect(cosigned(1)).toHaveLength(1);
    rmSync(folder, { recursive: true });
    cpSync(`${folder}-copy`, folder, { recursive: true }); // from before its cosignature
    rmSync(`${folder}-copy`, { recursive: true });
    stage.clock.now += 1;
    fork();
    const restored = await stage.start(1);
    await runRounds([restored], 3);
    expect(cosigned(1)).toHaveLength(1);
    expect(restored.lines.join('\n')).toContain("a cosignature by this trustee's own key that this keystore did not make");
    expect(restored.lines.join('\n')).toContain('FORKED: the board is not the one that was cosigned before');
    rmSync(folder, { recursive: true });
    rmSync(path.join(restored.folder, 'platform.json'));
    const empty = await stage.start(1);
    const said = stage.board.posted.length;
    await runRounds([empty], 1);
    expect(empty.lines.join('\n')).toContain('not joined: OWN_MESSAGES');
    expect(stage.board.posted).toHaveLength(said);
  });
});

describe('a platform that answers badly', () => {
  const deep = JSON.parse('['.repeat(900) + ']'.repeat(900)) as unknown;
  const answers = ['', null, [], {}, deep, { messages: 'no', checkpoints: 3, statements: {}, key: 7 }, { error: true }, new Uint8Array(9)];
  it('of any kind and to any question does not stop a trustee', async () => {
    for (const bad of answers) {
      stage.board.tamper = () => bad;
      await runRounds([first()], 2);
      advance();
    }
    await stage.sign(0);
    publish();
    stage.board.tamper = null;
    await runRounds([first()], 2);
    expect(cosigned(1)).toHaveLength(1);
  });

  it('with messages out of order or cursors that stand still is told so and asked again later', async () => {
    stage.board.tamper = (_, answer, asked) => {
      if (asked?.want !== 'messages') return answer;
      const { messages, ...rest } = answer as { messages: { message: unknown }[] };
      return { ...rest, messages: messages.map(({ message }) => ({ cursor: 1, message })) };
    };
    const again = await stage.start(1);
    await runRounds([again], 2);
    expect(again.lines.join('\n')).toContain('the platform lists messages out of order');
  });

  it('about new statements is told as often as that begins, and when it is over', async () => {
    for (let time = 1; time <= 2; time++) {
      stage.board.tamper = (place, answer) => (place === 'platform' ? {} : answer);
      await runRounds([first()], 2);
      expect(first().lines.filter((line) => line.includes('new statements cannot be read'))).toHaveLength(time);
      stage.board.tamper = null;
      await runRounds([first()], 2);
      expect(first().lines.filter((line) => line.includes('new statements can be read again'))).toHaveLength(time);
    }
  });

  it('or shows another key than the pinned one, is given no new statement, while the old ones go on', async () => {
    stage.board.tamper = (place, answer) =>
      place === 'platform' ? { ...(answer as object), key: publicKeyOf(new Uint8Array(32).fill(9)) } : answer;
    await stage.sign(0);
    publish();
    await runRounds([first()], 2);
    expect(first().lines.filter((line) => line.includes('is pinned; no statement is joined'))).toHaveLength(1);
    expect(cosigned(1)).toHaveLength(1);
  });

  it('is followed to another key only by the word of the pinned one, and not back', async () => {
    const next = new Uint8Array(32).fill(9);
    const show = (successions: unknown[]) => {
      stage.board.tamper = (place, answer) =>
        place === 'platform' ? { ...(answer as object), key: publicKeyOf(next), successions } : answer;
    };
    show([{ ...signPlatformSuccessor(PLATFORM_SEED, next), consent: 'ab'.repeat(64) }]);
    await runRounds([first()], 1);
    expect(first().lines.join('\n')).not.toContain('which is pinned now');
    show([signPlatformSuccessor(PLATFORM_SEED, next)]);
    await runRounds([first()], 1);
    expect(first().lines.at(-1)).toContain(`has signed that ${publicKeyOf(next)} follows it, which is pinned now`);
    stage.board.tamper = null;
    await runRounds([first()], 1);
    expect(first().lines.at(-1)).toContain('is pinned; no statement is joined');
  });
});

describe('a platform that names more statements than there are', () => {
  it('is listened to only as far as there is something decided', async () => {
    const asked: number[] = [];
    const send: typeof fetch = async (input, init) => {
      const after = /\/trustees\/[0-9a-f]{64}\/statements\?after=(\d+)/.exec(String(input))?.[1];
      if (after === undefined) return fetch(input, init);
      asked.push(Number(after));
      const statements = Array.from({ length: 5_000 }, (_, i) => {
        const cursor = Number(after) + i + 1;
        return { cursor, id: cursor.toString(16).padStart(64, '0') };
      });
      return Response.json({ epoch: 'e'.repeat(64), after: Number(after), statements });
    };
    const told = await stage.start(4, { fetch: send });
    await told.trustee.runRound();
    await told.trustee.runRound();
    expect(Math.max(...asked)).toBeLessThanOrEqual(20_100);
  });
});
