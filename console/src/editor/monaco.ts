// Monaco with what the console needs of it: Python and SQL and JSON colouring, completion of ours, no language servers.
import * as monaco from 'monaco-editor/editor.js';
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/python/register.js';
import 'monaco-editor/languages/definitions/sql/register.js';
import 'monaco-editor/languages/definitions/yaml/register.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { registerCompletion } from './completion';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };
registerCompletion(monaco);
monaco.languages.register({ id: 'json', extensions: ['.json'] });
monaco.languages.setMonarchTokensProvider('json', {
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'type'],
      [/"(?:[^"\\]|\\.)*"/, 'string'],
      [/-?\d+(\.\d+)?([eE][+-]?\d+)?/, 'number'],
      [/\b(true|false|null)\b/, 'keyword'],
    ],
  },
});

// Comments of the dark theme are too dim for its ground (WCAG AA); the grounds are the console's own.
monaco.editor.defineTheme('mastic-dark', { base: 'vs-dark', inherit: true, rules: [{ token: 'comment', foreground: '8fbf7f' }], colors: { 'editor.background': '#161d26' } });
monaco.editor.defineTheme('mastic-light', { base: 'vs', inherit: true, rules: [{ token: 'comment', foreground: '006b00' }], colors: {} });

export { monaco };
