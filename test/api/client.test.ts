import { describe, expect, it } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { decodeRollFile, encodeRollFile } from '#lib/api/roll-file.ts';
import { depthFor, findPath, signRoll } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { randomField } from '#lib/protocol/numbers/random.ts';
import { systemRandom } from '../support/world.ts';

/** A platform that gives these answers in turn, and a note of what it was asked. */
function scripted(...answers: (Response | Error)[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const answer = answers[Math.min(asked.length, answers.length) - 1] as Response | Error;
    if (answer instanceof Error) throw answer;
    return answer.clone();
  };
  return { asked, api: createApi('https://platform.example', fetch) };
}

const busy = (seconds: string) =>
  Response.json({ error: { code: 'BUSY', message: 'Later.' } }, { status: 503, headers: { 'Retry-After': seconds } });
const groups = Response.json({ groups: [] });

describe('the client of the anonymous routes', () => {
  it('never sends a cookie or a referrer, and follows nobody elsewhere', async () => {
    const { api, asked } = scripted(groups);
    await api.listGroups();
    expect(asked).toMatchObject([
      {
        url: 'https://platform.example/api/anonymous/groups',
        init: { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error', method: 'GET' },
      },
    ]);
  });

  it('comes back when a busy platform says when, and tells how long it waits', async () => {
    const { api, asked } = scripted(busy('1'), groups);
    const waits: number[] = [];
    expect(await api.listGroups({ onWait: (seconds) => waits.push(seconds) })).toEqual([]);
    expect([asked.length, waits]).toEqual([2, [1]]);
  });

  it('hands on the refusal when its patience ends, or when no time is given', async () => {
    await expect(scripted(busy('5')).api.listGroups({ patienceSeconds: 4 })).rejects.toMatchObject({ code: 'BUSY', status: 503 });
    await expect(scripted(busy('soon')).api.listGroups()).rejects.toMatchObject({ code: 'BUSY', message: 'Later.' });
  });

  it('takes no refusal that forges lines of a log or orders a terminal', async () => {
    const refusal = (code: string, message: string) =>
      scripted(Response.json({ error: { code, message } }, { status: 400 })).api.listGroups();
    await expect(refusal('X\nkeystore erased', 'No.')).rejects.toMatchObject({ code: 'BAD_ANSWER' });
    await expect(refusal('X', `\u001b[8mNo.\nAll holds. ${'y'.repeat(5_000)}`)).rejects.toMatchObject({
      code: 'X',
      message: expect.stringMatching(/^‹U\+001B›\[8mNo\. All holds\. y{900,1000}$/),
    });
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    const asking = scripted(busy('20')).api.listGroups({ signal: controller.signal, onWait: () => controller.abort(new Error('closed')) });
    await expect(asking).rejects.toThrow('closed');
  });

  it('says what is wrong when the platform cannot be reached or answers something else', async () => {
    await expect(scripted(new TypeError('fetch failed')).api.listGroups()).rejects.toMatchObject({ code: 'NETWORK', status: 0 });
    await expect(scripted(new DOMException('', 'TimeoutError')).api.listGroups()).rejects.toMatchObject({ code: 'TIMED_OUT' });
    for (const answer of ['<html>', '{"groups":null}', '{"groups":[],"groups":[]}', '{"groups":[],"more":1}'])
      await expect(scripted(new Response(answer)).api.listGroups()).rejects.toMatchObject({ code: 'BAD_ANSWER', status: 200 });
    await expect(scripted(new Response('bad gateway', { status: 502 })).api.listGroups()).rejects.toMatchObject({
      code: 'BAD_ANSWER',
      status: 502,
    });
  });
});

describe('a roll file', () => {
  const makeRoll = (members: number) => {
    const seed = systemRandom(32);
    const leaves = Array.from({ length: members }, () => randomField(systemRandom));
    const header = signRoll(
      { group: { issuer: publicKeyOf(seed), name: 'G' }, number: 1, time: 1, trustees: [], leaves, names: 'ab'.repeat(32) },
      seed,
    );
    return { header, leaves };
  };

  it.each([9, 256, 300])('of %i members leads from every leaf to the root', (members) => {
    const { header, leaves } = makeRoll(members);
    const bytes = encodeRollFile(plantTree(leaves, header.depth));
    expect(bytes.length).toBe(32 * (members + (depthFor(members) > 8 ? 256 : 0)));
    const file = decodeRollFile(header, bytes);
    if (!file.ok) throw new Error(file.code);
    expect(file.value.leaves).toEqual(leaves);
    for (const index of [0, members - 1])
      expect(findPath(header, file.value.leaves, file.value.middle, index)?.siblings).toHaveLength(header.depth);
  });

  it('of another length, or with a number above the field, is refused', () => {
    const { header, leaves } = makeRoll(9);
    const bytes = encodeRollFile(plantTree(leaves, header.depth));
    for (const wrong of [bytes.subarray(1), new Uint8Array(), new Uint8Array(17 * 32), new Uint8Array(9 * 32).fill(255)])
      expect(decodeRollFile(header, wrong)).toMatchObject({ ok: false, code: 'ROLL_FILE' });
  });
});
