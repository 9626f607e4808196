// Columns as a form of rows, or as JSON text: the same list either way.
import { useState } from 'react';
import { AttributeEditor, Autosuggest, Box, Input, SegmentedControl, SpaceBetween } from '@cloudscape-design/components';
import type { Column } from '~/aws/glue';
import { Editor } from '~/editor/editor';

const types = ['string', 'int', 'bigint', 'double', 'float', 'boolean', 'date', 'timestamp', 'decimal(10,2)', 'binary', 'array<string>', 'map<string,string>', 'struct<a:int,b:string>'];

export function columnProblem(columns: Column[], column: Column): string | undefined {
  if (column.Name.trim() === '') return 'A column needs a name.';
  return columns.filter((each) => each.Name.toLowerCase() === column.Name.toLowerCase()).length > 1 ? 'This name is there twice.' : undefined;
}

export function parseColumns(text: string): Column[] | string {
  try {
    const parsed = JSON.parse(text) as unknown;
    if (!Array.isArray(parsed)) return 'Write a list: [{"Name": "id", "Type": "int"}].';
    const wrong = parsed.findIndex((each) => typeof each !== 'object' || each === null || typeof (each as Column).Name !== 'string');
    return wrong >= 0 ? `Entry ${wrong + 1} has no Name.` : (parsed as Column[]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function ColumnsEditor({ value, onChange, label }: { value: Column[]; onChange: (columns: Column[]) => void; label: string }) {
  const [mode, setMode] = useState('form');
  const [text, setText] = useState('');
  const parsed = mode === 'text' ? parseColumns(text) : value;
  const change = (index: number, part: Partial<Column>) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label="Edit as"
        selectedId={mode}
        options={[
          { id: 'form', text: 'Form' },
          { id: 'text', text: 'Text' },
        ]}
        onChange={({ detail }) => {
          if (detail.selectedId === 'text') setText(JSON.stringify(value, null, 2));
          setMode(detail.selectedId);
        }}
      />
      {mode === 'text' ? (
        <>
          <Editor
            language="json"
            label={label}
            value={text}
            height={320}
            onChange={(next) => {
              setText(next);
              const columns = parseColumns(next);
              if (typeof columns !== 'string') onChange(columns);
            }}
          />
          {typeof parsed === 'string' ? <Box color="text-status-error">{parsed} The table keeps the last list that could be read.</Box> : null}
        </>
      ) : (
        <AttributeEditor
          items={value}
          addButtonText="Add a column"
          removeButtonText="Remove"
          removeButtonAriaLabel={(item) => `Remove ${item.Name}`}
          empty={<Box color="text-body-secondary">No column.</Box>}
          onAddButtonClick={() => onChange([...value, { Name: '', Type: 'string' }])}
          onRemoveButtonClick={({ detail }) => onChange(value.filter((_, index) => index !== detail.itemIndex))}
          definition={[
            { label: 'Name', control: (item, index) => <Input value={item.Name} ariaLabel="Name" onChange={({ detail }) => change(index, { Name: detail.value })} />, errorText: (item) => columnProblem(value, item) },
            { label: 'Type', control: (item, index) => <Autosuggest value={item.Type ?? ''} ariaLabel={`Type of ${item.Name}`} enteredTextLabel={(each) => each} options={types.map((each) => ({ value: each }))} onChange={({ detail }) => change(index, { Type: detail.value })} /> },
            { label: 'Comment', control: (item, index) => <Input value={item.Comment ?? ''} ariaLabel={`Comment on ${item.Name}`} onChange={({ detail }) => change(index, { Comment: detail.value || undefined })} /> },
          ]}
        />
      )}
    </SpaceBetween>
  );
}
