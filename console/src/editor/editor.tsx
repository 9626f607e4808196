// A text editor for scripts, SQL and JSON. Monaco comes as a chunk of its own when the first editor is shown.
import { useEffect, useRef, useState } from 'react';
import { Box, Spinner } from '@cloudscape-design/components';
import type * as Monaco from 'monaco-editor';
import { useDark } from '~/shell/theme';

export interface Mark {
  line: number;
  message: string;
}

interface Props {
  value: string;
  onChange?: (value: string) => void;
  /** Ctrl+S in the editor. */
  onSave?: () => void;
  language: 'python' | 'sql' | 'json' | 'yaml' | 'plaintext';
  label: string;
  height?: number | string;
  marks?: Mark[];
}

export function Editor({ value, onChange, onSave, language, label, height = 480, marks = [] }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Monaco.editor.IStandaloneCodeEditor>(undefined);
  const library = useRef<typeof Monaco>(undefined);
  // What was typed and has not come back as `value` yet: while one types fast, `value` is older than the editor's text.
  const typed = useRef<string[]>([]);
  const setting = useRef(false);
  const latest = useRef({ onChange, onSave, value });
  latest.current = { onChange, onSave, value };
  const [ready, setReady] = useState(false);
  const [failed, setFailed] = useState(false);
  const dark = useDark();

  useEffect(() => {
    let gone = false;
    void import('./monaco').then(
      ({ monaco }) => {
        if (gone || !place.current) return;
        library.current = monaco as unknown as typeof Monaco;
        const made = monaco.editor.create(place.current, {
          value: latest.current.value,
          language,
          readOnly: !latest.current.onChange,
          automaticLayout: true,
          minimap: { enabled: false },
          scrollBeyondLastLine: false,
          renderFinalNewline: 'on',
          fontSize: 13,
          ariaLabel: label,
          tabFocusMode: false,
          fixedOverflowWidgets: true,
          padding: { top: 8 },
        });
        editor.current = made as unknown as Monaco.editor.IStandaloneCodeEditor;
        made.onDidChangeModelContent(() => {
          if (setting.current || !latest.current.onChange) return;
          typed.current.push(made.getValue());
          latest.current.onChange(made.getValue());
        });
        made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => latest.current.onSave?.());
        setReady(true);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      editor.current?.getModel()?.dispose();
      editor.current?.dispose();
      editor.current = undefined;
    };
  }, [language, label]);

  useEffect(() => {
    const echo = typed.current.lastIndexOf(value);
    if (echo >= 0) {
      typed.current.splice(0, echo + 1);
      return;
    }
    if (!editor.current || editor.current.getValue() === value) return;
    typed.current = [];
    setting.current = true;
    editor.current.setValue(value);
    setting.current = false;
  }, [value, ready]);
  useEffect(() => {
    if (ready) library.current?.editor.setTheme(dark ? 'mastic-dark' : 'mastic-light');
  }, [dark, ready]);
  const marked = JSON.stringify(marks);
  useEffect(() => {
    const monaco = library.current;
    const model = editor.current?.getModel();
    if (!monaco || !model) return;
    const lines = (JSON.parse(marked) as Mark[]).filter((mark) => mark.line >= 1 && mark.line <= model.getLineCount());
    monaco.editor.setModelMarkers(
      model,
      'run',
      lines.map((mark) => ({ severity: monaco.MarkerSeverity.Error, message: mark.message, startLineNumber: mark.line, endLineNumber: mark.line, startColumn: 1, endColumn: model.getLineMaxColumn(mark.line) })),
    );
    const decorations = editor.current!.createDecorationsCollection(lines.map((mark) => ({ range: new monaco.Range(mark.line, 1, mark.line, 1), options: { isWholeLine: true, className: 'error-line' } })));
    if (lines[0]) editor.current!.revealLineInCenter(lines[0].line);
    return () => decorations.clear();
  }, [marked, ready, value]);

  if (failed) {
    return <textarea aria-label={label} className="plain-editor" style={{ height }} value={value} readOnly={!onChange} onChange={(event) => onChange?.(event.target.value)} />;
  }
  return (
    <div className="editor" style={{ height }}>
      {ready ? null : (
        <Box padding="m">
          <Spinner /> Loading the editor…
        </Box>
      )}
      <div ref={place} style={{ height: ready ? '100%' : 0 }} />
    </div>
  );
}
