import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeRoster, MOST_ROWS, parseRoster } from '#lib/issuing/roster.ts';

const codes = (text: string, options = {}) =>
  parseRoster(text, options).problems.map(({ row, severity, code }) => `${row} ${severity} ${code}`);
const names = (text: string, options = {}) => parseRoster(text, options).rows.map((row) => row.name);

describe('reading a roster', () => {
  it('reads the sample with its accents, apostrophes and scripts and finds nothing wrong', () => {
    const decoded = decodeRoster(readFileSync('scripts/sample-roster.csv'));
    const roster = parseRoster(decoded.ok ? decoded.value : '');
    expect(roster.problems).toEqual([]);
    expect(roster.rows).toHaveLength(24);
    expect(roster.rows[1]).toEqual({ row: 3, name: 'Siobhán O’Rourke, Member for Glenmara', email: 'siobhan.orourke@example.org' });
    expect(roster.rows.at(-1)?.name).toBe('Mary "Mae" Little Feather, Member for High Plain');
  });

  it('takes the columns from the headings, whatever their order, case and company', () => {
    const [row] = parseRoster('Party;E-Mail;Group;NAME\nWhigs;a@b.org;Upper house;Ann Lee').rows;
    expect(row).toEqual({ row: 2, name: 'Ann Lee', email: 'a@b.org', group: 'Upper house' });
  });

  it('reads rows without headings, after a byte order mark, with Windows line ends and empty lines', () => {
    expect(parseRoster('\ufeffAnn Lee,a@b.org\r\n\r\n  Bo Li , b@b.org\r\n')).toEqual({
      rows: [
        { row: 1, name: 'Ann Lee', email: 'a@b.org' },
        { row: 3, name: 'Bo Li', email: 'b@b.org' },
      ],
      problems: [],
    });
  });

  it('keeps a comma and a line break of a quoted cell together, and refuses the line break in a name', () => {
    expect(names('name,email\n"Lee, Ann",a@b.org')).toEqual(['Lee, Ann']);
    expect(codes('name,email\n"Lee\nAnn",a@b.org')).toEqual(['2 error BAD_NAME']);
  });

  it('names the row of an empty name, an unclosed quotation mark and a name that is too long', () => {
    const long = 'é'.repeat(63);
    expect(codes(`name,email\n,a@b.org\n${long},b@b.org`)).toEqual(['2 error EMPTY_NAME', '3 error BAD_NAME']);
    expect(parseRoster(`name,email\n${long},b@b.org`).problems[0]?.detail).toContain('126 bytes');
    expect(codes('name,email\n"Ann,a@b.org')).toContain('2 error BAD_CSV');
  });

  it('offers to put unusual accents right, and does so only when asked', () => {
    const decomposed = 'name,email\nJose\u0301,j@b.org';
    expect(codes(decomposed)).toEqual(['2 error NOT_NORMAL']);
    expect(names(decomposed)).toEqual([]);
    expect(names(decomposed, { normalise: true })).toEqual(['José']);
    expect(codes(decomposed, { normalise: true })).toEqual([]);
  });

  it('offers to put odd spaces and unseen characters right, and refuses what it cannot put right', () => {
    const pasted = 'name,email\nAnn\u00a0Lee,a@b.org\nBo\u200b Li,b@b.org\n山田\u3000太郎,c@b.org\nMay  Day,d@b.org\nNoa\u200e H,e@b.org';
    expect(codes(pasted)).toEqual([2, 3, 4, 5, 6].map((row) => `${row} error NOT_NORMAL`));
    expect(parseRoster(pasted).problems[1]?.detail).toContain('U+200B, which nobody can see');
    expect(names(pasted, { normalise: true })).toEqual(['Ann Lee', 'Bo Li', '山田 太郎', 'May Day', 'Noa H']);
    const unclear = 'name,email\nAnn\u200dLee,a@b.org\nJos\ufffd,b@b.org';
    expect(codes(unclear, { normalise: true })).toEqual(['2 error BAD_NAME', '3 error BAD_NAME']);
  });

  it('warns of two names that only a joiner tells apart', () => {
    expect(codes('name,email\nعلی\u200cرضا,a@b.org\nعلیرضا,b@b.org')).toEqual(['3 warning SAME_NAME']);
  });

  it('warns of the same name or address twice in one group and keeps both rows', () => {
    const text = 'name,email,group\nAnn,a@b.org,one\nAnn,c@b.org,one\nBo,A@B.org,one\nAnn,a@b.org,two';
    expect(codes(text)).toEqual(['3 warning SAME_NAME', '4 warning SAME_EMAIL']);
    expect(names(text)).toHaveLength(4);
  });

  it('warns of a missing or strange address, and of headings that it does not know', () => {
    expect(codes('name,email\nAnn,\nBo,at home')).toEqual(['2 warning NO_EMAIL', '3 warning BAD_EMAIL']);
    expect(codes('Nombre,Correo\nAnn,a@b.org')).toEqual(['1 warning BAD_EMAIL', '1 warning MAYBE_HEADINGS']);
  });

  it('stops at 65,536 people', () => {
    const rows = Array.from({ length: MOST_ROWS + 2 }, (_, i) => `Person ${i},p${i}@b.org`);
    const roster = parseRoster(['name,email', ...rows].join('\n'));
    expect(roster.rows).toHaveLength(65_536);
    expect(roster.problems).toMatchObject([{ row: 65_538, code: 'TOO_MANY' }]);
  });

  it('refuses a file that is not UTF-8 instead of guessing', () => {
    expect(decodeRoster(Uint8Array.from([0x4a, 0x6f, 0x73, 0xe9]))).toMatchObject({ ok: false, code: 'NOT_UTF8' });
  });
});
