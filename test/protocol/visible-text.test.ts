import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plantMerkleTree } from '#lib/protocol/board/merkle.ts';
import { hashCapsules, openCapsule } from '#lib/protocol/member/capsule.ts';
import { type Enlisted, enlist } from '#lib/protocol/member/enlist.ts';
import { createInvitation, formatInvitation, parseInvitation } from '#lib/protocol/member/enrolment.ts';
import { checkGroup, checkNewGroup } from '#lib/protocol/member/group.ts';
import { checkAttestedName, checkName } from '#lib/protocol/member/name.ts';
import { clearToken, tokenOf } from '#lib/protocol/member/token.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { findDeceptive, forTerminal, lookOf, onOneLine, tidyName, writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';
import { toField } from '#lib/protocol/numbers/field.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { createGroup, systemRandom } from '../support/world.ts';

const char = (point: number) => String.fromCodePoint(point);
const SUSPECTS = ['\u200b', '\u200d', '\u200e', '\ufe0f', '\u202e', '\u0301', '\u{e0041}', '\ue000', 'א', 'a', ' '];
const mayBeAttested = (name: string) => checkAttestedName(name).ok;
/** All characters of a kind, as hex of their code points, that pass between two letters. */
function passing(kind: RegExp): string[] {
  const found: string[] = [];
  for (let point = 0; point < 0x110000; point++)
    if (kind.test(char(point)) && mayBeAttested(`a${char(point)}b`)) found.push(point.toString(16));
  return found;
}

describe('a name that is to be attested', () => {
  it('may be a real name of any script, with the joiners and variants that its spelling needs', () => {
    const names = {
      Persian: 'علی\u200cرضا نیک\u200cپور',
      'Persian, a letter alone': 'ه\u200d. ا. سایه',
      Arabic: 'عبد الرحمن',
      Hindi: 'विक्रम सिंह',
      Nepali: 'गुर्\u200dयो',
      Sinhala: 'ශ්\u200dරී ලංකා',
      'Telugu, a final consonant': 'విక్రమ్\u200c రావు',
      'Kannada, old spelling': 'ರಾಜ್\u200cಕುಮಾರ್',
      'Malayalam, old chillu at the end': 'രാജന്\u200d',
      'Bengali ya-phala after ra': 'র\u200d্যামন',
      'Japanese, a variant of a character': '葛\u{e0100}城',
      'Mongolian, separator and variant': 'ᠰᠠᠷᠠᠨ\u180eᠠ ᠮᠠᠩᠭ\u180bᠤᠰ',
      Thai: 'ประยุทธ์',
      Vietnamese: 'Nguyễn Thị Ánh',
      Yoruba: 'Adébáyọ̀',
      Hebrew: 'נועה בן־עמי',
      Korean: '김철수',
      'Hawaiian, Irish, Catalan': 'Kaʻiulani O’Neill-Ní Bhriain Gal·la',
    };
    for (const [script, name] of Object.entries(names))
      expect(checkAttestedName(name.normalize('NFC')), script).toMatchObject({ ok: true });
  });

  it('holds nothing that nobody sees: what every Unicode draws as nothing does not pass between two letters', () => {
    const visibleSigns = ['600', '601', '602', '603', '604', '605', '6dd', '70f', '890', '891', '8e2', '110bd', '110cd'];
    expect(passing(/\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cc}/u)).toEqual(visibleSigns);
  });

  it('has ordinary spaces only, one at a time', () => {
    expect(passing(/\p{Zs}|[\u2800\u3164\uffa0]/u)).toEqual(['20']);
    expect(checkAttestedName('Ann  Lee')).toMatchObject({ ok: false, detail: 'the name holds U+0020, a space after another' });
  });

  it('holds nothing that each font shows in its own way', () => {
    expect(passing(/\p{Co}|\p{Noncharacter_Code_Point}|[\ufffc\ufffd]/u)).toEqual([]);
  });

  it('has a joiner only where it acts', () => {
    for (const name of [
      'Ann\u200dLee',
      'Ann\u200cLee',
      'علی\u200c',
      '\u200cعلی',
      'علی\u200c رضا',
      'علی\u200c\u200cرضا',
      'عل\u200dی',
      '\u200d्',
      'राम\u200d',
      'राज्\u200d\u200d',
      '👩\u200d💻',
    ])
      expect(mayBeAttested(name), JSON.stringify(name)).toBe(false);
  });

  it('has a variant only on what has variants', () => {
    for (const name of ['a\u{e0100}', 'Ann\ufe0f', '山\ufe00', '葛\u{e0100}\u{e0101}城', 'a\u180bb', 'a\u180eb', 'ᠨ\u180e', '\u180eᠨ'])
      expect(mayBeAttested(name), JSON.stringify(name)).toBe(false);
  });

  it('does not begin with a mark that would be drawn on what stands before it', () => {
    for (const mark of ['\u0301', '\u0338', '\u20dd', '\ufe20']) expect(mayBeAttested(`${mark}Ann`)).toBe(false);
  });

  it('holds no pile of marks, of whatever script, that would cover the names around it', () => {
    for (const mark of ['\u0301', '\u0338', '\u0e49', '\u064b', '\u05b0', '\u0f72', '\u20dd']) {
      expect(mayBeAttested(`x${mark.repeat(8)}y`), mark).toBe(true);
      expect(checkAttestedName(`x${mark.repeat(9)}y`.normalize('NFC')), mark).toMatchObject({ ok: false });
      expect(checkName(`x${mark.repeat(9)}y`.normalize('NFC')), mark).toMatchObject({ ok: true }); // one that was attested before
    }
    expect(checkAttestedName(`Ann${'\u0338\u0f72\u0e49'.repeat(3)}`.normalize('NFC'))).toMatchObject({
      detail: expect.stringContaining('one mark too many on a letter'),
    });
    expect(mayBeAttested('ཧཱུྃ བསྒྲུབས་ངག་དབང')).toBe(true);
  });

  it('counts as virama what has combining class 9, which no version of Unicode changes', () => {
    const sortsAs = (first: string, second: string) => `a${second}${first}`.normalize('NFC') === `a${first}${second}`;
    let viramas = 0;
    for (let point = 0x300; point < 0x1f000; point++) {
      const mark = char(point);
      if (!/\p{M}/u.test(mark) || !mayBeAttested(`x${mark}\u200dم`)) continue;
      viramas++;
      // U+05B0 has class 10, U+3099 class 8.
      expect(sortsAs(mark, '\u05b0') && sortsAs('\u3099', mark), point.toString(16)).toBe(true);
    }
    expect(viramas).toBeGreaterThan(40);
  });
});

describe('a name that was attested before such rules', () => {
  const old = 'Ann\u200b  Lee';

  it('still comes out of its capsule, and its holder can still sign: no verdict changes', () => {
    expect(checkName(old).ok).toBe(true);
    expect(mayBeAttested(old)).toBe(false);
    const group = 'ab'.repeat(32);
    const [roll, u] = [{ group, number: 1 }, 'cd'.repeat(32)];
    const { leaf, capsule } = enlist(roll, { name: old, commitment: toField(5n), membership: u }) as Enlisted;
    expect(leaf).toBeTypeOf('bigint');
    const T = formatPoint(clearToken(tokenOf(u, group, old).point));
    const file = { roll, bytes: capsule, tree: plantMerkleTree(hashCapsules(capsule)) };
    expect(openCapsule(file, T)?.name).toBe(old);
  });

  it('stands in the roll of its group, but no new group and no invitation may bear it', () => {
    const { issuer } = createGroup('Harbour pilots', ['Ann'], systemRandom).header.group;
    const group = { issuer, name: old };
    expect(checkGroup(group).ok).toBe(true);
    expect(checkNewGroup(group)).toMatchObject({ ok: false, code: 'BAD_GROUP', detail: 'the name holds U+200B, which nobody can see' });
    const enrolmentKey = bytesToHex(createHpkeKeyPair(systemRandom).publicKey);
    const read = (name: string, groupName: string) =>
      parseInvitation(formatInvitation(createInvitation(name, { issuer, name: groupName }, enrolmentKey, systemRandom)));
    expect(read('Ann Lee', 'Pilots').ok).toBe(true);
    expect(read(old, 'Pilots')).toMatchObject({ ok: false, code: 'BAD_INVITATION' });
    expect(read('Ann Lee', old)).toMatchObject({ ok: false, code: 'BAD_INVITATION' });
  });
});

describe('the look of a name', () => {
  it('is the same for names that differ in nothing visible', () => {
    for (const other of ['Ann\u200bLee', 'Ann\u00adLee', 'Ann\u200dLee', 'AnnLee\ufe0f', '\u2060AnnLee', 'Ann\u034fLee'])
      expect(lookOf(other)).toBe('AnnLee');
    for (const other of ['Ann\u00a0Lee', 'Ann  Lee', 'Ann\u3000\u200bLee ', 'Ann \u200c Lee', 'Ann Lee \ufe0f'])
      expect(lookOf(other)).toBe('Ann Lee');
    expect(lookOf('e\u034f\u0301')).toBe('é');
    expect(lookOf('Ann Lee')).not.toBe(lookOf('Аnn Lee')); // a Cyrillic А
  });

  it('can be put right without losing a joiner that is needed, or anything that is seen', () => {
    expect(tidyName('\u200fJose\u0301\u00a0 Núñez\u200b')).toBe('José Núñez');
    expect(tidyName('علی\u200cرضا')).toBe('علی\u200cرضا');
    expect(tidyName('Jos\ufffd')).toBe('Jos\ufffd');
  });
});

describe('a line of a new statement', () => {
  it('may use spaces, joiners and variants as its language does', () => {
    for (const line of ['Pétition\u00a0: les «\u202fports\u202f»', 'می\u200cخواهیم', '❤\ufe0f 👩\u200d💻', 'שלום!'])
      expect(findDeceptive(line), line).toBeNull();
  });

  it('does not rearrange itself, hide a part of itself, or show nothing', () => {
    expect(findDeceptive('pay 10\u202e001')).toBe('holds U+202E, which rearranges the text around it');
    expect(findDeceptive('a\u2069b')).toContain('rearranges');
    // One mark is enough to show “100 – 500”, and scripts that run from right to left are turned round by the other one.
    for (const text of ['pays \u200f500 – 100\u200f euros: א', '\u200fpays 5, א', 'משלם \u200e500 – 100\u200e', 'א\u061c 5 – 1'])
      expect(findDeceptive(text), text).toContain('rearranges');
    expect(findDeceptive('not\u200bable')).toBe('holds U+200B, which nobody can see');
    expect(findDeceptive('a\u{e0041}')).toContain('nobody can see');
    expect(findDeceptive('\ue000')).toContain('does not look the same');
    expect(findDeceptive('\u00a0\u3164')).toBe('shows nothing');
    expect(findDeceptive('one\u2028two')).toContain('rearranges');
  });

  it('holds joiners and variants only where they act, and no pile of marks', () => {
    for (const text of ['👩\u200d🔬 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3', 'نیک\u200cپور', 'שלום! (א) 5', `a${'\u0301'.repeat(8)}`])
      expect(findDeceptive(text), text).toBeNull();
    for (const text of ['a\ufe0fb', 'a \u200db', '👩\u200d\u200d\u200d🔬', `😀${'\u{e0123}'.repeat(3)}`])
      expect(findDeceptive(text), text).toContain('which nobody can see at this place');
    // Of any script: combining accents, Thai tones, Arabic and Hebrew vowels, Devanagari nuktas, enclosing circles.
    for (const mark of ['\u0301', '\u0e49', '\u064b', '\u05b0', '\u093c', '\u20dd']) {
      expect(findDeceptive(`a${mark.repeat(8)}b`), mark).toBeNull();
      expect(findDeceptive(`a${mark.repeat(9)}`), mark).toContain('one mark too many');
    }
  });

  it('is written out where it does all the same, and nothing else of it changes', () => {
    expect(writeOutUnseen('pays \u202e005')).toEqual({ text: 'pays ‹U+202E›005', unseen: 1 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom(...SUSPECTS)) }),
        (text) => {
          const { text: shown, unseen } = writeOutUnseen(text);
          const back = shown.replace(/‹U\+([0-9A-F]{4,6})›/g, (_, code: string) => char(Number.parseInt(code, 16)));
          expect(back).toBe(text);
          expect(shown.match(/‹U\+[0-9A-F]{4,6}›/g) ?? []).toHaveLength(unseen);
          if (unseen > 0) expect(findDeceptive(text)).not.toBeNull();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('stays one line in a terminal, in its own direction', () => {
    expect(onOneLine('Ann\u202e\u2069\n\nEverything in this record holds.\u200f')).toBe(
      'Ann‹U+202E›‹U+2069› Everything in this record holds.‹U+200F›',
    );
  });

  it('gives a terminal nothing to obey', () => {
    const order = '\u001b[8mAll holds.\r\n\u009b2J\tx\u0007';
    expect(onOneLine(order)).toBe('‹U+001B›[8mAll holds. ‹U+009B›2J x‹U+0007›');
    expect(forTerminal(`${order}\u202e`)).toBe('‹U+001B›[8mAll holds.\n‹U+009B›2J\tx‹U+0007›‹U+202E›');
  });
});

describe('a quotation of what a stranger wrote', () => {
  it('ends where its text ends, whatever marks the text holds, and stays on one line', () => {
    expect(quote('Staff” has replaced its key. “Board')).toBe('“Staff’ has replaced its key. ‘Board”');
    for (const end of ['””', "''", '’\u200a’', '`´', 'ʼʼ', 'ˮ', '״', '〃', '″', '"”\u2019'])
      expect([end, quote(`Board${end}, and nobody else “x`)]).toEqual([end, expect.stringMatching(/^“Board[^ ], and nobody else ‘x”$/u)]);
    expect(quote('O’Neil’s Maʻohi, צה״ל')).toBe('“O’Neil’s Maʻohi, צה״ל”');
    expect(quote('a\nb\u202ec')).toBe('“a b‹U+202E›c”');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(quote(text).slice(1, -1)).not.toMatch(/[“”"„\n\r]/u);
      }),
    );
  });
});
