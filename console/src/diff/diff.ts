// What differs between two texts, line by line (longest common subsequence), and between two lists of columns.
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

export function diffLines(before: string[], after: string[]): DiffLine[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] = before[i] === after[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i]! });
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      lines.push({ kind: 'removed', text: before[i]! });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: after[j]! });
      j += 1;
    }
  }
  return lines;
}

export interface ColumnLike {
  Name: string;
  Type?: string;
  Comment?: string;
}

export interface ColumnChange {
  name: string;
  kind: 'added' | 'removed' | 'changed';
  before: string;
  after: string;
}

/** Names are compared as Glue does, without case. */
export function diffColumns(before: ColumnLike[], after: ColumnLike[]): ColumnChange[] {
  const describe = (column: ColumnLike | undefined) => (column ? `${column.Type ?? ''}${column.Comment ? ` — ${column.Comment}` : ''}` : '');
  const old = new Map(before.map((column) => [column.Name.toLowerCase(), column]));
  const fresh = new Map(after.map((column) => [column.Name.toLowerCase(), column]));
  const changes: ColumnChange[] = [];
  for (const column of after) {
    const was = old.get(column.Name.toLowerCase());
    if (!was) changes.push({ name: column.Name, kind: 'added', before: '', after: describe(column) });
    else if (describe(was) !== describe(column)) changes.push({ name: column.Name, kind: 'changed', before: describe(was), after: describe(column) });
  }
  for (const column of before) if (!fresh.has(column.Name.toLowerCase())) changes.push({ name: column.Name, kind: 'removed', before: describe(column), after: '' });
  return changes;
}
