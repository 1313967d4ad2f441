import css from './fingerprint.module.css';

/**
 * A key or hash in hex, in groups of four so that two people can read it to each other; copied without the gaps.
 * @param whose what the key is, for screen readers, e.g. "Issuer's key"
 * @param short only the first and last eight digits, for tables; the whole stands in the tooltip
 */
export function KeyFingerprint({ hex, whose, short }: { hex: string; whose: string; short?: boolean }) {
  if (short) {
    return (
      <code key="short" translate="no" className={css.short} title={hex}>
        <span className={css.unseen}>{whose} </span>
        {hex.slice(0, 8)}…{hex.slice(-8)}
      </code>
    );
  }
  const starts = Array.from({ length: Math.ceil(hex.length / 4) }, (_, i) => i * 4);
  return (
    <code translate="no" className={css.groups}>
      <span className={css.unseen}>{whose} </span>
      {starts.map((start) => (
        <span key={start}>{hex.slice(start, start + 4)}</span>
      ))}
    </code>
  );
}
