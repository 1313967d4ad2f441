import { beforeAll, describe, expect, it } from 'vitest';
import type { StatementAnswer } from '#lib/api/shapes.ts';
import { createKeySecrets, makeCommit } from '#lib/protocol/key/key-generation.ts';
import { statementId } from '#lib/protocol/statement/statement.ts';
import { checkStatementAnswer, fetchStatement, signingState } from '#lib/signing/load-statement.ts';
import { formatStatementLink, parseStatementLink } from '#lib/signing/statement-link.ts';
import { createCommittee, createGroup, makeKey, systemRandom } from '../support/world.ts';
import { answeringApi, type Stage, setStage, value } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
const check = (change: Partial<StatementAnswer>, id = stage.context.id) =>
  checkStatementAnswer({ ...stage.answer, ...change }, id, stage.manifest);

describe('loading a statement', () => {
  it('gives the statement, the key that its trustees made and the proving key', async () => {
    const api = answeringApi((path) => {
      expect(path).toBe(`/api/anonymous/statements/${stage.context.id}`);
      return Response.json(stage.answer);
    });
    const loaded = value(await fetchStatement(api, stage.context.id, stage.manifest));
    expect(loaded.context.id).toBe(stage.context.id);
    expect(loaded.key).toMatchObject({ status: 'keyed', transcript: stage.ceremony.keyed.transcript });
    expect(loaded.provingKey.verificationKey).toBe(stage.context.statement.verificationKey);
  });

  it('refuses every statement but the one that the link names (T8, T28)', () => {
    const { statement } = stage.answer;
    const changes = [
      { ...statement, deadline: statement.deadline + 1 },
      { ...statement, trigger: { count: 3 } },
      { ...statement, text: [{ ...statement.text[0]!, body: 'Something else.' }] },
      { ...statement, nonce: 'f'.repeat(64) },
    ];
    for (const swapped of changes) expect(check({ statement: swapped })).toMatchObject({ ok: false, code: 'SWAPPED_STATEMENT' });
  });

  it('refuses a roll that is not the one in the statement, or not signed by its issuer', () => {
    const other = createGroup(
      'Harbour pilots',
      stage.group.members.map((member) => member.name),
      systemRandom,
    );
    expect(check({ rolls: [other.header] })).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    expect(check({ rolls: [] })).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    const forged = { ...stage.group.header, signature: other.header.signature };
    expect(check({ rolls: [forged] })).toMatchObject({ ok: false, code: 'ROLL_SIGNATURE' });
  });

  it('refuses a key made by others than the committee of the statement', () => {
    const twin = makeKey(stage.context, createCommittee(4, 2, systemRandom), systemRandom);
    expect(check({ keyGeneration: [...twin.commits, ...twin.deals, ...twin.confirms] })).toMatchObject({ ok: false, code: 'KEY_MESSAGES' });
  });

  it('takes two different messages of one kind for the proof that their trustee forked, and refuses more or the same again', () => {
    const author = stage.ceremony.authors[0]!;
    const other = () => makeCommit(author, createKeySecrets(2, systemRandom), systemRandom);
    const [commit] = stage.ceremony.commits;
    const forked = value(check({ keyGeneration: [commit!, other()] }));
    expect(forked.key).toMatchObject({ status: 'aborted', blame: [{ trustee: 1, reason: 'FORKED' }] });
    expect(check({ keyGeneration: [commit!, other(), other()] })).toMatchObject({ ok: false, code: 'KEY_MESSAGES' });
    const confirmed = value(check({ keyGeneration: [...stage.answer.keyGeneration, other()] }));
    expect(confirmed.key).toMatchObject({ status: 'keyed', transcript: stage.ceremony.keyed.transcript });
  });

  it('refuses a committee of fewer than 3k − 2 trustees', async () => {
    const { statement } = stage.answer;
    const small = { ...statement, committee: { ...statement.committee, trustees: statement.committee.trustees.slice(0, 3) } };
    expect(check({ statement: small }, statementId(small))).toMatchObject({ ok: false, code: 'BAD_COMMITTEE' });
  });

  it('refuses a trustee quoted twice and a message altered on the way', () => {
    const [first, ...rest] = stage.answer.keyGeneration;
    expect(check({ keyGeneration: [...stage.answer.keyGeneration, first!] })).toMatchObject({ ok: false, code: 'KEY_MESSAGES' });
    const altered = { ...first!, trustee: 2 } as typeof first;
    expect(check({ keyGeneration: [altered!, ...rest] })).toMatchObject({ ok: false, code: 'KEY_MESSAGES' });
  });

  it('refuses a proving key, or a setup, that did not come with the program (T37)', async () => {
    const strange = await setStage({ change: { verificationKey: 'c'.repeat(64) } });
    expect(checkStatementAnswer(strange.answer, strange.context.id, stage.manifest)).toMatchObject({ ok: false, code: 'KEY_UNKNOWN' });
    const setup = await setStage({ change: { setup: 'd'.repeat(64) } });
    expect(checkStatementAnswer(setup.answer, setup.context.id, stage.manifest)).toMatchObject({ ok: false, code: 'KEY_UNKNOWN' });
  });

  it('lets nobody sign before the key is made, after it failed, or after the deadline', () => {
    const { statement } = stage.context;
    const half = stage.answer.keyGeneration.slice(0, 7);
    const state = (change: Partial<StatementAnswer>, now: number) => signingState(value(check(change)), now);
    expect(state({}, statement.deadline)).toBe('open');
    expect(state({}, statement.deadline + 1)).toBe('closed');
    expect(state({ keyGeneration: half, time: statement.openBy }, statement.openBy)).toBe('keying');
    expect(state({ keyGeneration: half, time: statement.openBy + 1 }, statement.openBy + 1)).toBe('aborted');
    expect(value(check({ keyGeneration: half, time: statement.openBy + 1 })).key).toMatchObject({
      blame: [{ trustee: 4, reason: 'SILENT' }],
    });
  });
});

describe('a share link', () => {
  const id = 'ab'.repeat(32);
  it('carries the hash in its fragment and survives the round trip', () => {
    const link = formatStatementLink({ origin: 'https://example.org', id });
    expect(new URL(link).hash).toBe(`#${id}`);
    expect(parseStatementLink(link)).toEqual({ ok: true, value: { origin: 'https://example.org', id } });
    expect(parseStatementLink(`http://localhost:3000/statements/${id}/sign`)).toMatchObject({ ok: true, value: { id } });
  });

  it('is refused when it is cut off, names none or names two', () => {
    const other = 'cd'.repeat(32);
    for (const bad of [
      'hello',
      'https://example.org/statements/abc',
      `https://example.org/statements/${id}#${other}`,
      `https://example.org/statements/${id}#${id.slice(1)}`,
    ])
      expect(parseStatementLink(bad), bad).toMatchObject({ ok: false, code: 'BAD_LINK' });
  });
});
