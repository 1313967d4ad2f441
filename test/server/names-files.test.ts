import { parse as parseCsv } from 'csv-parse/sync';
import ICAL from 'ical.js';
import { parse as parseHtml } from 'parse5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDeadlineCalendar } from '#app/s/[id]/deadline-calendar.ts';
import { GET as showEmbed } from '#app/s/[id]/embed/route.ts';
import { writeSignersCsv } from '#app/s/[id]/names-file.ts';
import { signerListShape } from '#lib/api/shapes.ts';
import { formatStatementLink } from '#lib/signing/statement-link.ts';
import { openPilots, PILOTS, PILOTS_SEED } from '../support/pilots.ts';
import { type OpenStatement, postEntry, publishAndCosign, signOn, startPlatform, type TestPlatform } from '../support/platform.ts';
import { revealByTrustees } from '../support/reveal.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import type { TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let group: TestGroup;
let open: OpenStatement;
let ask: (path: string) => Promise<Response>;

beforeAll(async () => {
  platform = await startPlatform({ seed: PILOTS_SEED });
  ({ group, open } = await openPilots(platform));
  connectRoutes(platform);
  const { fetch } = fetchFrom(await loadRoutes());
  ask = (path) => fetch(`${ORIGIN}/api/anonymous/statements/${open.context.id}/${path}`);
});
afterAll(() => platform?.stop());

/** As any program reads the file: rows of one length, cells unquoted, the mark of UTF-8 taken off. */
const rowsOf = (text: string): string[][] => parseCsv(text, { bom: true, record_delimiter: '\r\n' });

describe('the files of names', () => {
  it('do not exist before the reveal, though enough have signed', async () => {
    for (const member of [3, 0, 1]) {
      await postEntry(platform.ctx, await signOn(open, group, member));
      platform.clock.now += 5;
      await publishAndCosign(platform, open, [1, 2, 3]);
    }
    for (const path of ['names', 'names/csv']) {
      const response = await ask(path);
      expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([409, 'NOT_REVEALED']);
    }
  });

  it('hold each name once in the order of the ring, and nothing of when it was signed', async () => {
    await revealByTrustees(platform, open, [2, 4], [1, 4]);
    const list = signerListShape.parse(await (await ask('names')).json());
    expect(list.groups).toEqual([{ id: group.id, name: 'Harbour pilots' }]);
    expect(list.names.map(({ name }) => name).sort()).toEqual([PILOTS[0], PILOTS[1], PILOTS[3]].sort());
    const seats = list.names.map(({ seat }) => seat);
    expect(seats).toEqual([...seats].sort());
    const csv = await ask('names/csv');
    expect([csv.headers.get('Content-Type'), csv.headers.get('Content-Disposition')]).toEqual([
      'text/csv; charset=utf-8',
      expect.stringMatching(/^attachment; filename="round-robin-[0-9a-f]{12}-names\.csv"$/),
    ]);
    const [headings, ...rows] = rowsOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await csv.arrayBuffer()));
    expect(headings).toEqual(['name', 'group', 'signatures', 'seat']);
    expect(rows).toEqual(list.names.map(({ name, seat }) => [name, 'Harbour pilots', '1', seat]));
    expect(`${JSON.stringify(list)}${rows.join()}`).not.toMatch(/time|wave|checkpoint|\b18000\d{5}\b/);
  });

  it('say which signatures stand for one token, leave an unreadable name empty, and run nothing in a spreadsheet', () => {
    const groups = [{ id: 'a'.repeat(64), name: 'Staff, night shift' }];
    const signer = (name: string | null, signatures: number) => ({ name, signatures, group: 'a'.repeat(64), seat: 'b'.repeat(64) });
    const text = writeSignersCsv({ statement: open.context.id, groups, names: [signer('=1+1', 2), signer(null, 1)] });
    expect(text).toContain('\r\n\'=1+1,"Staff, night shift",2,');
    expect(
      rowsOf(text)
        .slice(1)
        .map((row) => row.slice(0, 3)),
    ).toEqual([
      ["'=1+1", 'Staff, night shift', '2'], // with a guard, so that a spreadsheet shows it as text
      ['', 'Staff, night shift', '1'],
    ]);
  });
});

describe('the frame of a statement', () => {
  const show = (id: string) => showEmbed(new Request(`${ORIGIN}/s/${id}/embed`), { params: Promise.resolve({ id }) });

  it('has title, standing and whole link, for everybody the same, without a cookie', async () => {
    const response = await show(open.context.id);
    const { status, headers } = response;
    expect([status, headers.get('Content-Type'), headers.get('Set-Cookie')]).toEqual([200, 'text/html; charset=utf-8', null]);
    expect(headers.get('Cache-Control')).toContain('no-transform');
    const html = await response.text();
    const faults: string[] = [];
    parseHtml(html, { onParseError: ({ code, startLine }) => faults.push(`${startLine}: ${code}`) });
    expect(faults).toEqual([]);
    expect(html).not.toContain('<script');
    expect(html).toContain('3 people signed together');
    expect(html).toContain(`href="${formatStatementLink({ origin: ORIGIN, id: open.context.id })}"`);
  });

  it('says so where there is no such statement', async () => {
    for (const id of ['ab'.repeat(32), 'x', '<b>']) {
      const response = await show(id);
      expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('There is no such statement here.')]);
    }
  });
});

describe('the calendar of a deadline', () => {
  const eventOf = (text: string) => {
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
    const events = calendar.getAllSubcomponents('vevent');
    expect([calendar.name, events.length]).toEqual(['vcalendar', 1]);
    return new ICAL.Event(events[0]!);
  };

  it('is one event at the deadline with the whole link, the same for whoever asks and whenever', async () => {
    const response = await ask('calendar');
    expect(response.headers.get('Content-Type')).toBe('text/calendar; charset=utf-8');
    const text = await response.text();
    const event = eventOf(text);
    expect(event.startDate.toUnixTime()).toBe(open.context.statement.deadline);
    expect(event.startDate.zone.tzid).toBe('UTC');
    expect(event.uid).toBe(`${open.context.id}@platform.example`);
    const link = formatStatementLink({ origin: ORIGIN, id: open.context.id });
    expect(event.component.getFirstPropertyValue('url')).toBe(link);
    expect(event.description).toContain(link);
    platform.clock.now += 1_000;
    expect(await (await ask('calendar')).text()).toBe(text);
  });

  it('keeps any title in one property, however long and whatever it holds', () => {
    const titles = ['A; B, C\\n: D', `${'長'.repeat(66)}\u{1f58b}\u{fe0f}`, 'x\tEND:VEVENT', 'a'.repeat(200), '"=1'];
    for (const title of titles) {
      const statement = { ...open.context.statement, text: [{ language: 'en', title, body: 'We ask.' }] };
      const text = writeDeadlineCalendar({ id: open.context.id, statement }, 'http://localhost:3000', statement.text[0]!.title);
      expect(eventOf(text).summary).toBe(`Deadline: ${title.replace('\t', ' ')}`);
      for (const line of text.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });
});
