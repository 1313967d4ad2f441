// biome-ignore-all lint/a11y/noRedundantRoles: on narrow screens the rows are laid out as grids, and Safari then forgets what they are
import type { ReactNode } from 'react';
import css from './data-table.module.css';

export interface Column<Row> {
  heading: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of the line, figures under figures. */
  numeric?: boolean;
}

interface DataTableProps<Row> {
  /** What the table shows; read out first. `captionHidden` where a heading just above says it. */
  caption: string;
  captionHidden?: boolean;
  /** The first column names the row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** What stands there while there are no rows. */
  empty?: ReactNode;
}

/** A plain table; on narrow screens every row becomes a short list, so that nothing scrolls sideways. */
export function DataTable<Row>({ caption, captionHidden, columns, rows, rowKey, empty }: DataTableProps<Row>) {
  if (rows.length === 0 && empty) return <p className={css.empty}>{empty}</p>;
  const [first, ...others] = columns;
  return (
    <table className={css.table} role="table">
      <caption className={captionHidden ? css.unseen : undefined}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.heading} role="columnheader" scope="col" className={column.numeric ? css.numeric : undefined}>
              {column.heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {first && (
              <th role="rowheader" scope="row">
                {first.cell(row)}
              </th>
            )}
            {others.map((column) => (
              <td key={column.heading} role="cell" data-heading={column.heading} className={column.numeric ? css.numeric : undefined}>
                <div>{column.cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
