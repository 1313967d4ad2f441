/** Invented people for the picture on the home page. */
import type { RingName } from './ring-names.ts';
import { mixText } from './ring-seats.ts';

const PEOPLE = [
  'Amara Okafor',
  'José Núñez',
  'Ольга Петрова',
  'Maren Lindqvist',
  'Γιώργος Νικολάου',
  'Aoife Ní Bhriain',
  'Yasmin al-Hashimi',
  'Tomasz Wójcik',
  'Lena Hofmann',
  'Ravi Menon',
  'Siobhán Keane',
  'Ngozi Eze',
  'נעמה ברק',
  'Camille Lefèvre',
  'Đỗ Minh Anh',
  'Pedro Almeida',
  'Ingrid Sæther',
  'Halima Yusuf',
  'Ștefan Ionescu',
  'Ruth Abrahams',
  'Kateřina Dvořáková',
  'Giulia Ferraro',
  'Samuel O’Rourke',
  'Elif Yıldız',
];

export const SAMPLE_NAMES: readonly RingName[] = PEOPLE.map((name) => ({ seat: String(mixText(name)), name }));

/** As many of them as have signed in the picture that is still sealed. */
export const SAMPLE_LIVE = 17;
