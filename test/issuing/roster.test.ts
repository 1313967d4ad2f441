import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvRow, writeCsv } from '#lib/issuing/csv.ts';
import { exportInvitations, inviteMembers } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf, type Issuer, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { MOST_ROWS, parseRoster } from '#lib/issuing/roster.ts';
import { isAddress } from '#lib/issuing/roster-columns.ts';
import { decodeRoster } from '#lib/issuing/roster-file.ts';
import { checkAttestedName } from '#lib/protocol/member/name.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));

const codes = (text: string, options = {}) =>
  parseRoster(text, options).problems.map(({ row, severity, code }) => `${row} ${severity} ${code}`);
const names = (text: string, options = {}) => parseRoster(text, options).rows.map((row) => row.name);

describe('reading a roster', () => {
  it('reads the sample with its accents, apostrophes and scripts and finds nothing wrong', () => {
    const decoded = decodeRoster(readFileSync('scripts/sample-roster.csv'));
    const roster = parseRoster(decoded.ok ? decoded.value : '');
    expect(roster.problems).toEqual([]);
    expect(roster.rows).toHaveLength(48);
    expect(roster.rows[1]).toEqual({ row: 3, name: 'Siobhán O’Rourke, Member for Glenmara', email: 'siobhan.orourke@example.org' });
    expect(roster.rows.at(-1)?.name).toBe('Mary "Mae" Little Feather, Member for High Plain');
  });

  it('takes the columns from the headings, whatever their order, case and company', () => {
    const [row] = parseRoster('Party;E-Mail;Group;NAME\nWhigs;a@b.org;Upper house;Ann Lee').rows;
    expect(row).toEqual({ row: 2, name: 'Ann Lee', email: 'a@b.org', group: 'Upper house' });
  });

  it('reads rows without headings, after a byte order mark, with Windows line ends and empty lines', () => {
    expect(parseRoster('\ufeffAnn Lee,a@b.org\r\n\r\n  Bo Li , b@b.org\r\n')).toMatchObject({
      rows: [
        { row: 1, name: 'Ann Lee', email: 'a@b.org' },
        { row: 3, name: 'Bo Li', email: 'b@b.org' },
      ],
      problems: [],
    });
  });

  it('keeps a comma and a line break of a quoted cell together, and refuses the line break in a name', () => {
    expect(names('name,email\n"Lee, Ann",a@b.org')).toEqual(['Lee, Ann']);
    const broken = 'name,email\n"Lee\nAnn",a@b.org';
    expect(codes(broken)).toEqual(['2 error BAD_CSV', '3 error BAD_CSV']);
    expect(parseRoster(broken).problems[0]?.detail).toContain('holds no line break');
    expect(names('name,email,notes\n"Lee, Ann",a@b.org,"tall\n""very"" so"\nBo Li,b@b.org')).toEqual(['Lee, Ann', 'Bo Li']);
  });

  it('points out headings that stand between the rows, where lists were put together', () => {
    const doubts = (text: string) => codes(text).filter((code) => code.includes('ODD_NAME'));
    expect(doubts('name\nAnn Lee\nName\nBo Li')).toEqual(['3 warning ODD_NAME']);
    expect(doubts('Ann Lee\nFull name\nBo Li')).toEqual(['2 warning ODD_NAME']);
    const joined = 'first name;surname;email\nAnn;Lee;a@b.org\nFIRST NAME;Surname;b@b.org\nMail;Name;c@b.org';
    expect(doubts(joined)).toEqual(['3 warning ODD_NAME']);
    expect(names('name,email\nName,a@b.org')).toEqual(['Name']);
  });

  it('names the row of an empty name, an unclosed quotation mark and a name that is too long', () => {
    const long = 'é'.repeat(101);
    expect(codes(`name,email\n,a@b.org\n${long},b@b.org`)).toEqual(['2 error EMPTY_NAME', '3 error BAD_NAME']);
    expect(parseRoster(`name,email\n${long},b@b.org`).problems[0]?.detail).toContain('202 bytes');
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

  it('asks about commas of every script that stand outside quotation marks', () => {
    for (const comma of ['，', '、', '；', '｜', '،', '؛']) {
      expect(codes(`name,email\n王${comma}護士,a@b.org`), comma).toEqual(['2 error UNQUOTED_SEPARATOR']);
      expect(names(`name,email\n王${comma}護士,a@b.org`, { keepSeparators: true })).toEqual([`王${comma}護士`]);
      expect(names(`name,email\n"王${comma}護士",a@b.org`)).toEqual([`王${comma}護士`]);
      expect(names(`name${comma}email\n王${comma}李`)).toEqual([]);
    }
  });

  it('reads a million marks in a name without putting them in order', () => {
    const piled = `name,email,group\nx${'\u0301\u0323'.repeat(500_000)},a@b.org,Pilots\nBo Li,b@b.org,x${'\u0301\u0323'.repeat(500_000)}`;
    expect(parseRoster(piled, { group: 'Pilots', normalise: true }).problems).toMatchObject([{ row: 2, code: 'BAD_NAME' }]);
  });

  it('refuses a pile of marks in a name, and keeps the marks that spellings need', () => {
    const piled = `name,email\nZoé${'\u0336\u0489\u20dd'.repeat(3)},z@b.org\nཧཱུྃ བསྒྲུབས,b@b.org`;
    expect(parseRoster(piled).problems).toMatchObject([{ row: 2, severity: 'error', code: 'BAD_NAME' }]);
    expect(parseRoster(piled).problems[0]?.detail).toContain('one mark too many on a letter');
    expect(names(piled, { normalise: true })).toEqual(['ཧཱུྃ བསྒྲུབས']);
  });

  it('warns of two names that only a joiner tells apart', () => {
    expect(codes('name,email\nعلی\u200cرضا,a@b.org\nعلیرضا,b@b.org')).toEqual(['3 warning SAME_NAME']);
  });

  it('warns of the same name or address twice in one group and keeps both rows', () => {
    const text = 'name,email,group\nAnn,a@b.org,one\nAnn,c@b.org,one\nBo,A@B.org,one\nAnn,a@b.org,two';
    expect(codes(text)).toEqual(['3 warning SAME_NAME', '4 warning SAME_EMAIL']);
    expect(names(text)).toHaveLength(4);
  });

  it('warns of the same person in rows that spell the group otherwise, or leave it out', () => {
    const text = 'name,email,group\nAnn,a@b.org,Upper house\nAnn,c@b.org,upper  House\nBo,A@b.org,';
    expect(codes(text, { group: 'Upper house' })).toEqual(['3 warning SAME_NAME', '4 warning NO_GROUP', '4 warning SAME_EMAIL']);
  });

  it('points out a name that somebody else on the roster has, and asks for an office or a constituency', () => {
    const standing = [{ name: 'Ann Lee', email: 'Ann@b.org' }];
    const text = 'name,email\nAnn Lee,other@b.org\nAnn Lee,ann@B.org\nBo Li,b@b.org';
    const { problems } = parseRoster(text, { standing });
    expect(problems.map(({ row, code }) => `${row} ${code}`)).toEqual(['2 HOMONYM', '3 SAME_NAME']);
    expect(problems[0]?.detail).toContain('stands on the roster already');
    for (const { detail } of problems) expect(detail).toContain('add an office or a constituency');
    expect(parseRoster('name,email\nAnn Lee,ann@b.org', { standing }).problems).toEqual([]);
  });

  it('points out an address that stands on the roster under another name: the same person would be invited twice', () => {
    const standing = [
      { name: 'Ann Lee', email: 'Ann@b.org' },
      { name: 'علیرضا', email: 'ali@b.org' },
      { name: 'Bo Li', email: '' },
    ];
    const text = 'name,email\n"Ann Lee, Member for North",ann@b.org\nعلی\u200cرضا,ali@b.org\nCy Roe,\nAnn Lee,ann@b.org';
    const { problems } = parseRoster(text, { standing });
    const told = problems.filter(({ code }) => code !== 'NO_EMAIL').map(({ row, severity, code }) => `${row} ${severity} ${code}`);
    expect(told).toEqual(['2 warning STANDING_EMAIL', '3 warning STANDING_EMAIL', '5 warning SAME_EMAIL']);
    expect(problems[0]?.detail).toContain('“Ann Lee” stands on the roster already, with this address');
  });

  it('takes no address that goes elsewhere than it seems to', () => {
    for (const email of [
      'b\u202e@b.org',
      'b\u200b@b.org',
      'b\u0001@b.org',
      'mailto:b@b.org',
      'b(a@c.org)@b.org',
      '[b]@b.org',
      "'b@b.org'",
      'b@b.org.',
      'b@b..org',
    ])
      expect(codes(`name,email\nBo Li,${email}`), email).toEqual(['2 error BAD_EMAIL']);
    for (const email of ['jörg@bücher.example', "o'neil@b.org", '_b+c@localhost', 'x@उदाहरण.कॉम'])
      expect(codes(`name,email\nJörg,${email}`), email).toEqual([]);
  });

  it('warns of a missing address, and refuses one that may be the rest of a name', () => {
    const text = 'name,email\nAnn,\nSmith, John\nSmith,John,';
    expect(codes(text)).toEqual(['2 warning NO_EMAIL', '3 error BAD_EMAIL', '4 error BAD_EMAIL']);
    expect(names(text)).toEqual(['Ann']);
  });

  it('takes headings that it does not know for nobody', () => {
    expect(codes('Nombre,Correo\nAnn,a@b.org')).toEqual(['1 error MAYBE_HEADINGS']);
    expect(names('Nombre,Correo\nAnn,a@b.org')).toEqual(['Ann']);
    expect(names('Nombre\nAnn,a@b.org\nBo,b@b.org')).toEqual(['Ann', 'Bo']);
    expect(names('Vorname;Nachname;Adresse\nAnn;Lee;a@b.org')).toEqual([]);
    expect(codes('Vorname,Nachname,E-Mail\nAnn,Lee,a@b.org')).toEqual(['1 error NO_NAME_COLUMN']);
  });

  it.each(['Name;Vorname;E-Mail', 'name;first;email', 'Name;Prénom;Email', 'name;middle name;email'])(
    'refuses headings that may call one part of the name “name”: %s',
    (headings) => {
      expect(codes(`${headings}\nMüller;Jörg;j@b.org`)).toEqual(['1 error UNCLEAR_COLUMNS']);
    },
  );

  it('warns of names of one word beside columns that are not read, whatever their language', () => {
    expect(codes('name;ім’я;email\nШевченко;Тарас;t@b.org\nЛеся;Українка;l@b.org')).toEqual(['1 warning ONE_WORD']);
    expect(codes('name;party;email\nAnn Lee;Whigs;a@b.org\nPelé;Whigs;p@b.org')).toEqual([]);
  });

  it.each(['Vorname(n)', 'Forename(s)', 'First name:', 'Given-Name', 'Middle Name *'])(
    'refuses a name beside “%s”, which holds a part of it',
    (heading) => {
      expect(codes(`name;${heading};email\nvon Lee;Ann;a@b.org`)).toEqual(['1 error UNCLEAR_COLUMNS']);
    },
  );

  it('knows headings with the marks of a form', () => {
    expect(names('Name:;E-Mail: *\nAnn Lee;a@b.org')).toEqual(['Ann Lee']);
    expect(codes('Name:;E-Mail: *\nAnn Lee;a@b.org')).toEqual([]);
  });

  it('points out parts of names that it does not read, each column once', () => {
    const text = (heading: string) =>
      `first name,${heading},last name,email\nAnn,,Lee,a@b.org\nJan,van den,Berg,b@b.org\nJo,de,Wit,c@b.org`;
    for (const heading of [
      'Prefix',
      'Name Suffix',
      'Middle name',
      'Second last name',
      'Last name 2',
      'Tussenvoegsel',
      'M.I.',
      'Maiden name',
    ])
      expect(codes(text(heading)), heading).toEqual(['3 warning UNREAD_PART']);
    expect(parseRoster(text('Infix')).problems[0]?.detail).toContain('“van den” is a part of a name');
    for (const heading of ['Title', 'Company name', 'Nickname', 'User name', 'Prefixes used', 'E-mail 2'])
      expect(codes(text(heading)), heading).toEqual([]);
  });

  it('points out first names before last ones where that is not usual', () => {
    const text = 'first name,last name,email\n太郎,山田,a@b.org\n길동,홍,b@b.org\nマリア,ロペス,c@b.org\nTaro,Yamada,d@b.org';
    expect(codes(text)).toEqual(['2 warning ODD_NAME', '3 warning ODD_NAME']);
  });

  it('takes no title above the headings for a person, and no row below them', () => {
    const titles = [
      'Members 2026,,\n,,\nName,Email,Party',
      'Tabelle 1;;\nName;Partei;E-Mail',
      'Staff\t\t\nUpdated 1 Dec\t\t\nNo.\tName\tE-mail',
    ];
    for (const title of titles) {
      const separator = /[,;\t]/.exec(title)?.[0] ?? '';
      const text = `${title}\n${['Ann Lee', 'a@b.org', 'Whigs'].join(separator)}`;
      expect(parseRoster(text, { group: 'Upper house' })).toMatchObject({ rows: [], problems: [{ code: 'UNCLEAR_COLUMNS' }] });
    }
    expect(parseRoster(`${titles[0]}\nAnn,a@b.org,W`).problems[0]?.detail).toContain('Row 3 looks like the headings');
    expect(names('Ann Lee,a@b.org\nname,email\nBo Li,b@b.org')).toEqual(['Ann Lee', 'Bo Li']);
  });

  it('takes no heading for a person in a list of one column, whatever its language', () => {
    for (const heading of ['Names', 'Nom complet', 'NOMBRE COMPLETO', '氏名', 'Имя', 'الاسم', 'Mitglieder', 'Họ và tên']) {
      expect(names(`${heading}\nAnn Lee\nBo Li`), heading).toEqual(['Ann Lee', 'Bo Li']);
      expect(codes(`${heading}\nAnn Lee`), heading).toContain('1 error MAYBE_HEADINGS');
    }
    expect(codes('Ann Lee\n姓名\nBo Li')).toContain('2 warning ODD_NAME');
  });

  it('takes no whole line in quotation marks for a name', () => {
    expect(codes('"name,email"\n"Ann Lee,a@b.org"')).toEqual(['1 error UNCLEAR_SEPARATOR']);
    expect(codes('"First name;Last name"\n"Ann;Lee"')).toEqual(['1 error UNCLEAR_SEPARATOR']);
  });

  it('says once that no row has an address, and in each row where others have one', () => {
    expect(codes('name\nAnn Lee\nBo Li\nCy Roe')).toEqual(['2 warning NO_EMAIL']);
    expect(codes('name,email\nAnn Lee,\nBo Li,b@b.org\nCy Roe,')).toEqual(['2 warning NO_EMAIL', '4 warning NO_EMAIL']);
  });

  it('tells why a cell is no address, or has no place', () => {
    const detail = (text: string) => parseRoster(text).problems[0]?.detail;
    for (const email of ['a@b.org; c@b.org', 'Ann <a@b.org>', 'a＠b.org', 'a@b.org c@b.org'])
      expect(detail(`name,email\nAnn Lee,"${email}"`), email).toContain('Leave one address there');
    expect(detail('name,email\nLee,Ann')).toContain('needs quotation marks');
    expect(detail('Ann Lee <a@b.org>\nBo Li <b@b.org>')).toContain('two cells: name,email');
    expect(detail(',name,email\n0,Ann Lee,a@b.org')).toContain('“0” stands in a column without a heading');
  });

  it.each(['E-mail 1 - Value', 'E-Mail-Adresse', 'Courriel', 'contact'])(
    'does not leave addresses unread that stand under “%s”',
    (heading) => {
      expect(codes(`name,phone,${heading}\nAnn Lee,1,\nBo Li,2,b@b.org`)).toEqual(['1 error UNCLEAR_COLUMNS']);
      expect(codes(`name,phone,email,${heading}\nAnn Lee,1,a@b.org,c@b.org`)).toEqual([]);
    },
  );

  it.each([
    '#N/A',
    '#NOME?',
    'null',
    'TRUE',
    '12345',
    '01/02/2026',
    'JÃ¶rg Ray',
    'Åukasz RÃ³Å¼',
    'Oâ€™Brien Jo',
    'Bj?rn Li',
    '<b>Ann Lee</b>',
    'Err:502',
    'ЛОЖЬ',
    'N. N.',
    'Total: 2',
    '合計 12',
    '1,5E+10',
    '01-Dez',
    'J&ouml;rg',
    '=?UTF-8?Q?J=C3=B6rg?=',
    'Ann%20Lee',
    'J\\u00f6rg',
    '3. Ann Lee',
    '• Ann Lee',
    'Page 1 of 2',
    'Printed on 01.12.2026',
    'Pilots:',
    "'Ann Lee'",
    '«Ann Lee»',
  ])('warns of %s, which a program has made of a name', (name) => {
    expect(codes(`name,email\n"${name}",a@b.org`)).toEqual(['2 warning ODD_NAME']);
  });

  it('warns of no name that people have', () => {
    const people = [
      'René’s Ann',
      'Ñuñez Å',
      'ÂNGELA Ã',
      '王小明',
      'Ng',
      'X Æ A-12',
      'O’Neil, Member for 3rd Ward',
      'Nguyễn Ánh',
      'Łukasz Żak',
      'ÄÖ Ü',
      'Jan May',
      'Suma Rao',
      'N’Golo',
      'Ann “Annie” Lee',
      'Julia 3. Roe',
      'Sum Ting-Mar',
      'Nombre Díaz',
      'Mar Díaz, District 4',
    ];
    expect(codes(`name,email\n${people.map((one, i) => `"${one}",p${i}@b.org`).join('\n')}`)).toEqual([]);
  });

  it('stops at 65,536 people', () => {
    const rows = Array.from({ length: MOST_ROWS + 2 }, (_, i) => `Person ${i},p${i}@b.org`);
    const roster = parseRoster(['name,email', ...rows].join('\n'));
    expect(roster.rows).toHaveLength(65_536);
    expect(roster.problems).toMatchObject([{ row: 65_538, code: 'TOO_MANY' }]);
  });
});

describe('what separates the cells of a roster', () => {
  const people = [
    ['Ann Lee', 'a@b.org'],
    ['Bo Li', 'b@b.org'],
  ];
  const cases = [',', ';', '\t', '|'].flatMap((separator) => ['\n', '\r\n', '\r'].map((end) => [separator, end] as const));

  it.each(cases)('is %j before line ends %j, for one person as for many, headed or not', (separator, end) => {
    for (const count of [1, 2])
      for (const head of [[['name', 'email']], []])
        for (const last of ['', end, end + end]) {
          const rows = people.slice(0, count);
          const text = [...head, ...rows].map((cells) => cells.join(separator)).join(end) + last;
          expect(parseRoster(text)).toMatchObject({ rows: rows.map(([name, email]) => ({ name, email })), problems: [] });
        }
  });

  it('is what a line sep= says, which is nobody and no row', () => {
    expect(parseRoster('sep=;\r\nname;email\r\nAnn;a@b.org\r\n').rows).toEqual([{ row: 2, name: 'Ann', email: 'a@b.org' }]);
    expect(parseRoster('\ufeff"sep=|"\nAnn|a@b.org').rows).toEqual([{ row: 1, name: 'Ann', email: 'a@b.org' }]);
    expect(codes('sep=:\nname:email\nAnn:a@b.org')).toEqual(['1 error UNCLEAR_SEPARATOR']);
  });

  it('is found by the headings though another one stands in every row', () => {
    const text = 'name;email\nSmith, John;john@x.org\nLee, Ann;ann@x.org\n"Roe, Cy";cy@x.org';
    expect(codes(text)).toEqual(['2 error UNQUOTED_SEPARATOR', '3 error UNQUOTED_SEPARATOR']);
    expect(names(text)).toEqual(['Roe, Cy']);
    expect(parseRoster(text).leftOut).toBe(2);
    expect(names(text, { keepSeparators: true })).toEqual(['Smith, John', 'Lee, Ann', 'Roe, Cy']);
  });

  it('has to be said where rows differ, or where nothing tells', () => {
    expect(codes('Ann,a@b.org\nBo;b@b.org')).toEqual(['1 error UNCLEAR_SEPARATOR']);
    expect(names('Smith, John\nLee, Ann')).toEqual([]);
    expect(names('name\nSmith, John\n"Lee, Ann"\nBo Li')).toEqual(['Lee, Ann', 'Bo Li']);
    expect(names('Ann Lee\nBo Li\n')).toEqual(['Ann Lee', 'Bo Li']);
    expect(codes('Ann Lee,\nBo Li,', { keepSeparators: true })).toEqual(['1 error UNQUOTED_SEPARATOR', '2 error UNQUOTED_SEPARATOR']);
  });

  it('never makes part of a name, or of a row, into a person', () => {
    const text = 'name,email\nSmith, John;john@x.org\nAnn;a@b.org\nLee,Ann,a@b.org\nBo b@b.org\nCy,c@b.org';
    expect(names(text, { keepSeparators: true })).toEqual(['Cy']);
    expect(parseRoster(text).leftOut).toBe(4);
  });
});

describe('quotation marks in a roster', () => {
  it('that do not pair up cost their own row and no other', () => {
    const text = 'name,email\n"John "Jack" Smith",j@x.org\n"Ann,a@b.org\nBo,b@b.org\nCy"s,c@b.org\nDi "Dee" Roe,d@b.org\n"Ed",e@b.org';
    expect(codes(text)).toEqual(['2 error BAD_CSV', '3 error BAD_CSV', '5 error BAD_CSV']);
    expect(names(text)).toEqual(['Bo', 'Di "Dee" Roe', 'Ed']);
    expect(parseRoster(text).leftOut).toBe(3);
  });

  it('that are closed in a later row cost the rows where they stand, and not those between', () => {
    expect(names('name,email\n"Ann,a@b.org\nBo,b@b.org\nCy",c@b.org\nDi,d@b.org')).toEqual(['Bo', 'Di']);
  });
});

describe('rows of a roster', () => {
  it('end at every kind of line end, whatever the others are: two people never become one', () => {
    expect(names('name,email\r\nAnn,a@b.org\nBo,b@b.org\r\nCy,c@b.org\rDi,d@b.org\r\n')).toEqual(['Ann', 'Bo', 'Cy', 'Di']);
  });

  it('of other groups are left out and counted, and those that name none are pointed out', () => {
    const text = 'name,email,group\nAnn,a@b.org,Upper house\nBo,b@b.org,Lower house\nCy,c@b.org,upper  House\nDi,d@b.org,';
    const roster = parseRoster(text, { group: 'Upper house' });
    expect(roster.rows.map(({ name }) => name)).toEqual(['Ann', 'Cy', 'Di']);
    expect([...roster.others]).toEqual([['Lower house', 1]]);
    expect(roster.problems).toMatchObject([{ row: 5, severity: 'warning', code: 'NO_GROUP' }]);
  });

  it('are left out where the cell of their group may have reached over from another group', () => {
    const text = 'group,name,email\nLower house,Ann,a@b.org\n,Bo,b@b.org\n,,\n,Cy,c@b.org\nUpper house,Di,d@b.org\n,Ed,e@b.org';
    const roster = parseRoster(text, { group: 'Upper house' });
    expect(roster.rows.map(({ name }) => name)).toEqual(['Di', 'Ed']);
    expect(roster.problems.map(({ row, severity, code }) => `${row} ${severity} ${code}`)).toEqual([
      '3 error NO_GROUP',
      '5 error NO_GROUP',
      '7 warning NO_GROUP',
    ]);
    expect(roster.problems[0]?.detail).toContain('“Lower house”');
    expect(roster.leftOut).toBe(2);
  });

  it('have columns that are left unread, which is said', () => {
    const roster = parseRoster('name,phone,email,,Seat\nAnn Lee,12,a@b.org,,3');
    expect(roster).toMatchObject({ rows: [{ name: 'Ann Lee', email: 'a@b.org' }], unread: ['phone', 'Seat'], problems: [] });
    expect(codes('name,email,\nLee,Ann,a@b.org')).toEqual(['2 error TOO_MANY_CELLS']);
    expect(codes('name,,email\nLee,Ann,a@b.org')).toEqual(['2 error TOO_MANY_CELLS']);
  });

  it('attest first and last name together, or neither', () => {
    const roster = parseRoster('Last_Name;first name;E-Mail\nLee;Ann;a@b.org\n;Bo;b@b.org');
    expect(roster).toMatchObject({ rows: [{ name: 'Ann Lee' }], isJoined: true, problems: [{ row: 3, code: 'HALF_NAME' }] });
    expect(codes('first name,email\nAnn,a@b.org')).toEqual(['1 error NO_NAME_COLUMN']);
    expect(codes('name,first name,email\nLee,Ann,a@b.org')).toEqual(['1 error UNCLEAR_COLUMNS']);
    expect(codes('name,name,email\nLee,Ann,a@b.org')).toEqual(['1 error UNCLEAR_COLUMNS']);
  });
});

describe('the encoding of a roster', () => {
  const text = 'name,email\r\nŽofie Nováková,z@b.org\r\n山田 太郎,y@b.org\r\n';
  const utf16 = (order: 'le' | 'be', mark: string) => {
    const bytes = Buffer.from(mark + text, 'utf16le');
    return new Uint8Array(order === 'le' ? bytes : bytes.swap16());
  };

  it('may be UTF-8 or UTF-16, with a mark or without', () => {
    const files = [utf16('le', ''), utf16('le', '\ufeff'), utf16('be', ''), utf16('be', '\ufeff')];
    for (const bytes of [...files, new TextEncoder().encode(text), new TextEncoder().encode(`\ufeff${text}`)])
      expect(decodeRoster(bytes)).toEqual({ ok: true, value: text });
  });

  it.each([
    '<html><table><tr><td>Ann',
    'BEGIN:VCARD\nFN:Ann Lee',
    '[{"name":"Ann Lee"}]',
    '%PDF-1.7\nx',
    'ID;PWXL;N;E',
    '\ufeff<?xml version="1.0"?>',
  ])('is refused where it is no table of cells: %s', (text) => {
    for (const bytes of [new TextEncoder().encode(text), new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))])
      expect(decodeRoster(bytes)).toMatchObject({ ok: false, code: 'OTHER_FORMAT' });
  });

  it('is no UTF-16 because a few zeros stand in it, which are told', () => {
    for (const text of ['name,email\nAnn\0Lee,a@b.org\nBo Li,b@b.org\n\n', 'Ann Lee\nBo Lin\0\n', 'name,email\nJosé\0,j@b.org\n'])
      expect(decodeRoster(new TextEncoder().encode(text)), text).toMatchObject({ ok: false, code: 'ZEROS' });
    const han = `name\r\n${'山田太郎・佐藤花子'.repeat(3)}\r\n`;
    expect(decodeRoster(new Uint8Array(Buffer.from(han, 'utf16le')))).toEqual({ ok: true, value: han });
  });

  it('is refused with the cause where the file does not say which letters it means, and nothing is guessed', () => {
    const refused = decodeRoster(Uint8Array.from([0x41, 0x0a, 0x4a, 0x6f, 0x73, 0xe9, 0x2c]));
    expect(refused).toMatchObject({ ok: false, code: 'NOT_UTF8', detail: expect.stringContaining('Windows-1252') });
    expect(refused.ok || refused.detail).toContain('“José,”');
    expect(decodeRoster(utf16('le', '\ufeff').subarray(0, 21))).toMatchObject({ ok: false, code: 'BROKEN_UTF16' });
    expect(decodeRoster(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]))).toMatchObject({ ok: false, code: 'SPREADSHEET' });
    expect(decodeRoster(Buffer.from('A\0\0\0,\0\0\0', 'latin1'))).toMatchObject({ ok: false });
  });
});

describe('what was exported', () => {
  const nameLike = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'=+-@\'",;|＝ aé،；、'), maxLength: 12 }),
  );
  const name = nameLike.filter((text) => checkAttestedName(text).ok && text.trim() === text && !/\S@\S/.test(text));
  const email = fc.oneof(fc.constant(''), fc.emailAddress().filter(isAddress));
  const people = fc.array(fc.record({ name, email }), { maxLength: 8 });
  const pairs = (rows: readonly { name: string; email: string }[]) => rows.map((row) => [row.name, row.email]);

  it('reads back the same, person by person', () => {
    fc.assert(
      fc.property(people, (given) => {
        const { value: empty } = addGroup(createIssuer(random), 'Upper house', []) as { value: Issuer };
        const group = groupIdsOf(empty)[0] as string;
        const rows = given.map((row, i) => ({ row: i, ...row }));
        const issuer = inviteMembers(empty, group, rows, random);
        const read = decodeRoster(new TextEncoder().encode(exportInvitations('https://e.org', issuer, group)));
        const roster = parseRoster(read.ok ? read.value : '');
        expect(pairs(roster.rows)).toEqual(pairs(findGroup(issuer, group).members));
        expect(roster.unread).toEqual(['link']);
        expect(parseIssuer(JSON.stringify(issuer))).toEqual({ ok: true, value: issuer });
      }),
    );
  });

  it('reads back the same, cell by cell, with any letters in it', () => {
    const unit = fc.oneof(fc.constantFrom(...'=+-@\'",;|\t\n\r ＝a'), fc.constantFrom('é', '山'));
    const cell = fc.string({ unit, maxLength: 8 }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
        const text = writeCsv([cells]);
        const { cells: read, end } = readCsvRow(text, 1, ',');
        expect(read?.map((one) => one.text)).toEqual(cells);
        expect(end).toBe(text.length);
      }),
    );
  });

  it('runs nothing in a spreadsheet, which is told that it is UTF-8', () => {
    for (const start of '=+-@＝') expect(writeCsv([[`${start}1`]])).toBe(`\ufeff'${start}1\r\n`);
  });
});
