// A crawl's Summary is JSON: per kind (TABLE, PARTITION) what was added, updated and deleted, itself JSON text.
interface Change {
  Count?: number;
  Details?: { names?: string[] } | string[];
}

export function summaryWords(summary: string | undefined): string {
  if (!summary) return '–';
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(summary) as Record<string, unknown>;
  } catch {
    return summary;
  }
  const words: string[] = [];
  for (const [kind, value] of Object.entries(parsed)) {
    let changes: unknown = value;
    if (typeof value === 'string') {
      try {
        changes = JSON.parse(value);
      } catch {
        words.push(`${kind.toLowerCase()}: ${value}`);
        continue;
      }
    }
    for (const [what, change] of Object.entries((changes ?? {}) as Record<string, Change>)) {
      const names = Array.isArray(change?.Details) ? change.Details : (change?.Details?.names ?? []);
      const count = change?.Count ?? names.length;
      if (count > 0) words.push(`${count} ${kind.toLowerCase()}${count === 1 ? '' : 's'} ${what.toLowerCase().replace(/^(add|update|delete)$/, (each) => `${each}${each.endsWith('e') ? 'd' : 'ed'}`)}${names.length > 0 && names.length <= 5 ? ` (${names.join(', ')})` : ''}`);
    }
  }
  return words.length > 0 ? words.join('; ') : 'nothing';
}
