// Completion for Glue scripts: awsglue's and PySpark's names by what stands before the dot, and the catalog's own names.
import type * as Monaco from 'monaco-editor';
import { databases, table, tables } from '~/aws/glue';
import { dynamicFrame, functions, glueContext, jobMethods, dataFrame, transforms, imports, column } from './names';

const cache = new Map<string, { at: number; value: Promise<string[]> }>();

/** Asked at most every half minute; a catalog that does not answer completes nothing. */
function remember(key: string, load: () => Promise<string[]>): Promise<string[]> {
  const kept = cache.get(key);
  if (kept && Date.now() - kept.at < 30_000) return kept.value;
  const value = load().catch(() => []);
  cache.set(key, { at: Date.now(), value });
  return value;
}

const databaseNames = () => remember('databases', async () => (await databases()).map((each) => each.Name));
const tableNames = (database: string) => remember(`tables ${database}`, async () => (await tables(database)).map((each) => each.Name));
const columnNames = (database: string, name: string) =>
  remember(`columns ${database}.${name}`, async () => {
    const found = await table(database, name);
    return [...(found.StorageDescriptor?.Columns ?? []), ...(found.PartitionKeys ?? [])].map((each) => each.Name);
  });

interface Suggestion {
  label: string;
  detail: string;
  snippet?: string;
  kind: 'method' | 'function' | 'value' | 'module' | 'field';
}

const methods = (names: Record<string, string>, of: string): Suggestion[] =>
  Object.entries(names).map(([label, parameters]) => ({ label, detail: `${of}.${label}(${parameters})`, snippet: parameters ? `${label}($0)` : `${label}()`, kind: 'method' }));

/** Which object stands before the dot, by the ways Glue scripts name them. */
export function receiver(text: string): string | undefined {
  const found = /([A-Za-z_][\w]*(?:\([^()]*\))?)\.\w*$/.exec(text);
  return found?.[1];
}

export function methodsFor(name: string, script: string): Suggestion[] {
  if (/^glue_?context$/i.test(name)) return methods(glueContext, 'GlueContext');
  if (name === 'job') return methods(jobMethods, 'Job');
  if (name === 'F' || name === 'functions') return functions.map((label) => ({ label, detail: 'pyspark.sql.functions', snippet: `${label}($0)`, kind: 'function' }));
  if (/^(col|F\.col|lit)\(/.test(name)) return methods(column, 'Column');
  if (/^create_dynamic_frame$|^write_dynamic_frame$/.test(name)) {
    return ['from_catalog', 'from_options'].map((label) => ({ label, detail: name, snippet: `${label}($0)`, kind: 'method' }));
  }
  const made = new RegExp(`\\b${name.replace(/\W/g, '')}\\s*=\\s*.*(create_dynamic_frame|DynamicFrame|ApplyMapping|\\.apply\\()`).exec(script);
  if (made && !new RegExp(`\\b${name}\\s*=\\s*.*toDF\\(`).test(script)) return [...methods(dynamicFrame, 'DynamicFrame'), ...methods(dataFrame, 'DataFrame')];
  return [...methods(dataFrame, 'DataFrame'), ...methods(dynamicFrame, 'DynamicFrame')];
}

async function catalogNames(before: string, script: string): Promise<Suggestion[]> {
  const value = (detail: string) => (label: string): Suggestion => ({ label, detail, kind: 'value' });
  const database = /database\s*=\s*["']([^"']+)["']/.exec(script)?.[1];
  const name = /table_name\s*=\s*["']([^"']+)["']/.exec(script)?.[1];
  if (/database\s*=\s*["'][^"']*$/.test(before)) return (await databaseNames()).map(value('database'));
  const all = database ? [database] : await databaseNames();
  if (/table_name\s*=\s*["'][^"']*$/.test(before)) return (await Promise.all(all.map(tableNames))).flat().map(value('table'));
  if (database && name) return (await columnNames(database, name)).map(value(`column of ${database}.${name}`));
  const found: Suggestion[] = [];
  for (const each of all.slice(0, 10)) {
    for (const one of (await tableNames(each)).slice(0, 50)) {
      found.push(...(await columnNames(each, one)).map(value(`column of ${each}.${one}`)));
      if (found.length > 500) return found;
    }
  }
  return found;
}

export function registerCompletion(monaco: typeof Monaco): void {
  const kinds = monaco.languages.CompletionItemKind;
  const kindOf = { method: kinds.Method, function: kinds.Function, value: kinds.Value, module: kinds.Module, field: kinds.Field };
  monaco.languages.registerCompletionItemProvider('python', {
    triggerCharacters: ['.', '"', "'"],
    async provideCompletionItems(model, position) {
      const word = model.getWordUntilPosition(position);
      const range = { startLineNumber: position.lineNumber, endLineNumber: position.lineNumber, startColumn: word.startColumn, endColumn: word.endColumn };
      const before = model.getValueInRange({ startLineNumber: position.lineNumber, startColumn: 1, endLineNumber: position.lineNumber, endColumn: position.column });
      const script = model.getValue();
      const quotes = (before.match(/(?<!\\)["']/g) ?? []).length;
      let found: Suggestion[];
      if (quotes % 2 === 1) found = await catalogNames(before, script);
      else {
        const name = receiver(before);
        found = name
          ? methodsFor(name, script)
          : [
              ...imports.map((label): Suggestion => ({ label, detail: 'import', kind: 'module' })),
              ...transforms.map((label): Suggestion => ({ label, detail: 'awsglue.transforms', snippet: `${label}.apply($0)`, kind: 'function' })),
              ...functions.map((label): Suggestion => ({ label, detail: 'pyspark.sql.functions', snippet: `${label}($0)`, kind: 'function' })),
            ];
      }
      return {
        suggestions: found.map((each) => ({
          label: each.label,
          detail: each.detail,
          kind: kindOf[each.kind],
          insertText: each.snippet ?? each.label,
          insertTextRules: each.snippet ? monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet : undefined,
          range,
        })),
      };
    },
  });
}
