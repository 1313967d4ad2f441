import { encode } from 'uqr';

/** The blank margin that readers of such codes rely on, in modules (ISO/IEC 18004 §9.1). */
const QUIET = 4;

/** An address for the camera of a phone, as one path drawn on the server: black on white whatever surrounds it. */
export function QrCode({ text, label, className }: { text: string; label: string; className?: string | undefined }) {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET });
  return (
    <svg className={className} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={data.map(drawRow).join('')} />
    </svg>
  );
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
