import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { request } from '#lib/api/request.ts';
import { makeStamp, WORK_HEADER, workOf } from '#lib/api/work-stamp.ts';

const ABOUT = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

describe('a stamp of work', () => {
  it('shows the zero bits of a plain SHA-256, for one hash only', async () => {
    const stamp = await makeStamp(ABOUT, 12);
    const bytes = Buffer.concat([Buffer.from('roundrobin/work'), Buffer.from(ABOUT + stamp, 'hex')]);
    const bits = BigInt(`0x${createHash('sha256').update(bytes).digest('hex')}`)
      .toString(2)
      .padStart(256, '0');
    expect(bits.indexOf('1')).toBe(workOf(ABOUT, stamp));
    expect(workOf(ABOUT, stamp)).toBeGreaterThanOrEqual(12);
    expect(workOf(OTHER, stamp)).toBeLessThan(12);
  });

  it('shows none in any other form, and its search stops when told', async () => {
    for (const stamp of [null, '', '0', 'A'.repeat(16), '0'.repeat(17)]) expect(workOf(ABOUT, stamp)).toBe(0);
    await expect(makeStamp(ABOUT, 200, AbortSignal.timeout(30))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

/** A platform that is busy until it gets a stamp of so many bits, and then asks for so many, and so on. */
function busyPlatform(asked: number[]) {
  const shown: number[] = [];
  const fetch = async (_: string, init: RequestInit) => {
    const work = workOf(ABOUT, new Headers(init.headers).get(WORK_HEADER));
    shown.push(work);
    const next = asked.find((bits) => bits > work);
    if (next === undefined) return Response.json({});
    const error = { code: 'BUSY', message: 'busy', work: next };
    return Response.json({ error }, { status: 503, headers: { 'Retry-After': '1' } });
  };
  return { fetch, shown };
}

describe('a client of a busy platform', () => {
  it('does the work that is asked for, at once and unseen, and more when others have done more', async () => {
    const { fetch, shown } = busyPlatform([6, 10]);
    const waits: number[] = [];
    const call = { method: 'POST', path: '/', about: ABOUT, options: { onWait: (seconds: number) => waits.push(seconds) } } as const;
    expect((await request('https://platform.example', fetch, 'omit', call)).status).toBe(200);
    expect(waits).toEqual([]);
    expect(shown[0]).toBe(0);
    expect(shown.at(-1)).toBeGreaterThanOrEqual(10);
  });

  it('waits instead where the work is more than a browser should do, or nothing can be stamped', async () => {
    for (const [asked, about] of [
      [60, ABOUT],
      [6, undefined],
    ] as const) {
      // biome-ignore format: a list
      const { fetch, shown } = busyPlatform([asked]);
      const waits: number[] = [];
      const options = { patienceSeconds: 1, onWait: (seconds: number) => waits.push(seconds) };
      const call = { method: 'POST', path: '/', ...(about ? { about } : {}), options } as const;
      await expect(request('https://platform.example', fetch, 'omit', call)).rejects.toMatchObject({ code: 'BUSY' });
      expect([waits, shown]).toEqual([[1], [0, 0]]);
    }
  });
});
