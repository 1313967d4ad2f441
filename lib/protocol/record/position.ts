// SPEC §12.2: the order of a record's lines
import type { Chapter, LineRow, Place } from './chapter.ts';

/** A line type's place in the table: its chapter, and its rank in it. */
type Spot = { chapter: number; rank: number; row: LineRow };

/** Follows the order of a record through a table of chapters: chapters and ranks never fall, places of one rank rise. */
export class Position {
  private readonly spots: ReadonlyMap<string, Spot>;
  private readonly chapters: readonly Chapter[];
  private chapterNow = 0;
  private rank = 0;
  private place: Place = null;

  constructor(chapters: readonly Chapter[]) {
    this.chapters = chapters;
    const spots = chapters.flatMap(({ lines }, chapter) => lines.flatMap((rows, rank) => rows.map((row) => ({ chapter, rank, row }))));
    this.spots = new Map(spots.map((spot) => [spot.row.type, spot]));
  }

  /** The chapter in which the last admitted line stands. */
  get chapter(): number {
    return this.chapterNow;
  }

  /** Where a line of a value's type belongs; null when there is no such type. */
  find(value: unknown): Spot | null {
    const type = (value as { type?: unknown } | null)?.type;
    return typeof type === 'string' ? (this.spots.get(type) ?? null) : null;
  }

  /** Whether a line of this type may follow. A chapter that repeats begins, and begins again, with its first rank. */
  mayFollow(spot: Spot): boolean {
    const { chapter, rank } = spot;
    if (this.isRepetition(spot)) return true;
    if (chapter === this.chapterNow) return rank >= this.rank;
    return chapter > this.chapterNow && (rank === 0 || !this.chapters[chapter]?.repeats);
  }

  /** Whether a line begins its chapter again. */
  isRepetition({ chapter, rank }: Spot): boolean {
    return chapter === this.chapterNow && rank === 0 && this.chapters[chapter]?.repeats === true;
  }

  /** Takes a line of a type that may follow. */
  moveTo({ chapter, rank }: Spot): void {
    if (chapter !== this.chapterNow || rank !== this.rank) this.place = null;
    [this.chapterNow, this.rank] = [chapter, rank];
  }

  /** Whether a line of the rank reached comes after the last one by its place; if so it becomes the last. */
  takePlace(place: Place): boolean {
    if (place === null) return true;
    if (this.place !== null && comparePlaces(place, this.place) <= 0) return false;
    this.place = place;
    return true;
  }
}

function comparePlaces(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i] as number | string;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
