// Delimited text into rows, for previews: quotes, doubled quotes, line breaks inside quotes; a cut-off last row is left out.

export interface Sheet {
  columns: string[];
  rows: string[][];
  /** The text ended inside a row: it was only the start of a file. */
  cut: boolean;
}

export function guessDelimiter(text: string): string {
  const line = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'));
  let best = ',';
  let most = 0;
  for (const each of [',', '\t', ';', '|']) {
    const count = line.split(each).length - 1;
    if (count > most) [best, most] = [each, count];
  }
  return best;
}

export function parseRows(text: string, delimiter: string, whole: boolean, most = 10_000): { rows: string[][]; cut: boolean } {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let index = text.startsWith('\uFEFF') ? 1 : 0;
  for (; index < text.length && rows.length < most; index += 1) {
    const letter = text[index]!;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === delimiter) {
      row.push(cell);
      cell = '';
    } else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[index + 1] === '\n') index += 1;
      row.push(cell);
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
      cell = '';
    } else cell += letter;
  }
  const pending = row.length > 0 || cell !== '';
  if (pending && whole && rows.length < most) rows.push([...row, cell]);
  return { rows, cut: index < text.length || (pending && !whole) };
}

export function parseCsv(text: string, options: { whole?: boolean; delimiter?: string; header?: boolean } = {}): Sheet {
  const { rows, cut } = parseRows(text, options.delimiter ?? guessDelimiter(text), options.whole ?? true);
  const [first = []] = rows;
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (options.header === false) return { columns: Array.from({ length: width }, (_, index) => `col${index}`), rows, cut };
  return { columns: [...first, ...Array.from({ length: width - first.length }, (_, index) => `col${first.length + index}`)], rows: rows.slice(1), cut };
}

/** JSON lines, an array, or one object; rows of a table whose columns are all the objects' names. */
export function parseJsonRows(text: string, whole: boolean): Sheet | undefined {
  let items: unknown[] = [];
  let cut = !whole;
  const trimmed = text.trim();
  try {
    const parsed = JSON.parse(trimmed) as unknown;
    items = Array.isArray(parsed) ? parsed : [parsed];
    cut = false;
  } catch {
    const lines = trimmed.split('\n');
    for (const [index, line] of lines.entries()) {
      if (line.trim() === '') continue;
      try {
        items.push(JSON.parse(line));
      } catch {
        if (index === lines.length - 1 && !whole) break;
        return undefined;
      }
    }
  }
  if (items.length === 0 || !items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))) return undefined;
  const columns = [...new Set(items.flatMap((item) => Object.keys(item as object)))];
  const show = (value: unknown): string => (value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
  return { columns, rows: items.map((item) => columns.map((name) => show((item as Record<string, unknown>)[name]))), cut };
}
