import { encode } from 'uqr';

/** The blank margin that readers of such codes rely on, in modules (ISO/IEC 18004 §9.1). */
const QUIET = 4;

/** A QR code of a text as one path of dark modules in a square of `size` modules, its blank margin included. */
export function drawQr(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET });
  return { size, path: data.map(drawRow).join('') };
}

/** The dark modules of one row, each run of neighbours as one box. */
function drawRow(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x++;
    path += `M${start} ${y}h${x + 1 - start}v1H${start}z`;
  }
  return path;
}
