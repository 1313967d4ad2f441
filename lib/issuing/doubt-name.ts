// What may have become a name that is none, or not the one that was meant: pointed out, and the issuer's to judge
import { toNormal } from '#lib/protocol/messages/normal-form.ts';

/** What a column of names is called, or a list of them. A list of one column may have no other heading, and no address tells it from a person. */
const CALLED = new Set([
  ...['name', 'names', 'full name', 'full names', 'display name', 'member', 'members', 'member name', 'people', 'participants'],
  ...['vor und nachname', 'vorname und nachname', 'vorname nachname', 'name vorname', 'namen', 'mitglied', 'mitglieder', 'teilnehmer'],
  ...['nom', 'noms', 'nom complet', 'nom et prénom', 'nom prénom', 'prénom et nom', 'prénom nom', 'membres', 'participants'],
  ...['nombre', 'nombres', 'nombre completo', 'nombre y apellidos', 'apellidos y nombre', 'miembros', 'socios'],
  ...['nome', 'nomes', 'nome completo', 'nome e apelido', 'nome e cognome', 'nome cognome', 'nominativo', 'membros', 'membri', 'soci'],
  ...['naam', 'namen', 'volledige naam', 'leden', 'navn', 'fulde navn', 'fullt navn', 'namn', 'medlemmer', 'medlemmar', 'nimi', 'jäsenet'],
  ...['imię i nazwisko', 'nazwisko i imię', 'członkowie', 'jméno', 'jméno a příjmení', 'meno', 'meno a priezvisko', 'név', 'nume'],
  ...['nume și prenume', 'ime', 'ime i prezime', 'ime in priimek', 'isim', 'ad soyad', 'adı soyadı', 'όνομα', 'ονοματεπώνυμο'],
  ...[
    'имя',
    'фио',
    'ф. и. о.',
    'ф.и.о.',
    'піб',
    'ім’я',
    "ім'я",
    'име',
    'اسم',
    'الاسم',
    'الاسم الكامل',
    'نام',
    'نام و نام خانوادگی',
    'שם',
    'שם מלא',
  ],
  ...[
    'नाम',
    'নাম',
    'ชื่อ',
    'tên',
    'họ tên',
    'họ và tên',
    'nama',
    'nama lengkap',
    'jina',
    '姓名',
    '名字',
    '名前',
    '氏名',
    'お名前',
    '이름',
    '성명',
  ],
]);
/** What UTF-8 looks like to a program that took it for Windows-1252. */
const MISREAD = /[ÂÃÐÑ][\u00a0-\u00bf]|Ã[ƒ„…†‡ˆ‰Š‹Œ‘“”•–—˜™š›œŸž]|[ÄÅ][\u00a0-\u00bf‚„…†‡ˆ‰‹›•˜™]|â€/;
/** Markup, and letters that a program has written as something else: entities, percent escapes, MIME words, escapes of programs. */
const OF_A_PROGRAM = /[<>{}\\]|^=|&(?:#\w+|[a-z]\w+);|%[0-9a-f]{2}|(?:=[0-9a-f]{2}){2}/i;
/** What spreadsheets and databases write where they have no value, in the languages that they speak. */
const NO_VALUE =
  /^(?:#.*|err:\d+|null|nil|none|nan|n\/a|undefined|true|false|wahr|falsch|vrai|faux|verdadero|falso|verdadeiro|vero|waar|onwaar|prawda|fałsz|истина|ложь)$/i;
const NOBODY = /^(?:n\. ?n\.?|tbd|tba|vacant|vacancy|vakant|vacante|unknown|unbekannt|inconnu|desconocido|anonymous|anonym|test)$/i;
const MONTH =
  '(?:jan|feb|fév|mar|mär|mrz|mrt|apr|avr|abr|may|mai|maj|mei|jun|juin|jul|juil|aug|août|ago|sep|oct|okt|out|nov|dec|dez|déc|dic)[a-z]{0,6}';
/** What spreadsheets make of a text that could be a number or a date to them. */
const RECKONED = new RegExp(`^(?:\\d+(?:[.,]\\d+)?e[+-]?\\d+|\\d{1,4}[-. /]${MONTH}\\.?|${MONTH}[-. /]\\d{1,4})$`, 'i');
const TOTAL =
  /^(?:grand |sub)?(?:totals?|totale|totaal|sum|summe|summa|suma|somme|gesamt|insgesamt|razem|итого|всего|合計|合计|总计|總計|المجموع|الإجمالي)[\s:：=\d.,]*$/i;
/** Notes at the end of a list, and titles above it. */
const NOTE = /[:：©]|\(c\)|https?|www\.|^(?:page|seite|página|pagina|strona) \d|\d[./-]\d{1,2}[./-]\d/i;
const ENUMERATED = /^(?:\d{1,5}[.)]|[•◦▪■‣·*–—−-])\s/;
const IN_QUOTATION_MARKS = /^['"‘’“„«‹»「『].+['"’‘”“»›«」』]$/;

/** Whether this is what columns of names, or lists of them, are called. */
export function isCalledNames(text: string): boolean {
  return CALLED.has(toNormal(text).toLowerCase().replace(/\s+/g, ' '));
}

/** What a program may have made of a name before it came here, or what else stands in lists. @returns the rest of a sentence that begins with the name, or null */
export function doubtName(name: string): string | null {
  if (isCalledNames(name)) return 'is what a column is called, as where lists were put together';
  if (NO_VALUE.test(name)) return 'is what a program writes where it has no value';
  if (NOBODY.test(name)) return 'is what people write where nobody is named';
  if (TOTAL.test(name)) return 'looks like a total';
  if (!/\p{L}/u.test(name)) return 'holds no letter';
  if (RECKONED.test(name)) return 'is what a program makes of a number or a date';
  if (MISREAD.test(name)) return 'looks as if a program had read it in a wrong encoding';
  if (OF_A_PROGRAM.test(name)) return 'holds marks of a program';
  if (/\p{L}\?|\?\p{L}/u.test(name)) return 'holds a question mark where a letter may have been lost';
  if (ENUMERATED.test(name)) return 'begins with the number or the mark of a list';
  if (IN_QUOTATION_MARKS.test(name)) return 'stands in quotation marks as a whole';
  return NOTE.test(name) ? 'reads like a note and not like a name' : null;
}

const FAMILY_NAME_FIRST = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}]+$/u;

/** First and last name, put together as in English. @returns the rest of a sentence that begins with the name, or null */
export function doubtOrder(parts: readonly string[]): string | null {
  const isUnusual = parts.length > 1 && parts.every((part) => FAMILY_NAME_FIRST.test(part));
  return isUnusual ? 'puts the first name before the last, which is not usual in this script: write the whole name into one column' : null;
}
