// Rows of data, virtualised: as many as there are, only those on the screen are in the page.
import { useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Sheet } from './csv';

const rowHeight = 30;

export function SheetView({ sheet, label, height = 420 }: { sheet: Sheet; label: string; height?: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: sheet.rows.length, getScrollElement: () => frame.current, estimateSize: () => rowHeight, overscan: 20 });
  const items = rows.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div ref={frame} className="sheet" style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
      <table aria-rowcount={sheet.rows.length + 1}>
        <thead>
          <tr>
            <th scope="col" className="sheet-number">
              <span className="visually-hidden">Row</span>
            </th>
            {sheet.columns.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <tr style={{ height: before }} aria-hidden /> : null}
          {items.map((item) => (
            <tr key={item.index} style={{ height: rowHeight }} aria-rowindex={item.index + 2}>
              <th scope="row" className="sheet-number">
                {item.index + 1}
              </th>
              {sheet.columns.map((_, column) => (
                <td key={column} title={sheet.rows[item.index]![column]}>
                  {sheet.rows[item.index]![column] ?? ''}
                </td>
              ))}
            </tr>
          ))}
          {after > 0 ? <tr style={{ height: after }} aria-hidden /> : null}
        </tbody>
      </table>
    </div>
  );
}
