import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Box, Button, FormField, Input, Modal, Select, SpaceBetween } from '@cloudscape-design/components';
import { useNavigate } from 'react-router-dom';
import { glue, type Column } from '~/aws/glue';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { ColumnsEditor, columnProblem } from './columns_editor';
import { tablePath } from './database';
import { formats } from './formats';

interface Draft {
  name: string;
  location: string;
  format: string;
  columns: Column[];
  partitions: Column[];
}
const first: Draft = { name: '', location: 's3://', format: 'csv', columns: [{ Name: 'id', Type: 'string' }], partitions: [] };

export function NewTable({ database, onClose }: { database: string; onClose: () => void }) {
  const draft = useDraft<Draft>(`new table ${database}`, first);
  const form = draft.value ?? first;
  const set = (part: Partial<Draft>) => draft.set({ ...form, ...part });
  const [problem, setProblem] = useState<unknown>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const wrong = form.name === '' || [...form.columns, ...form.partitions].some((each) => columnProblem(form.columns, each));
  const create = async () => {
    const format = formats.find((each) => each.id === form.format)!;
    try {
      await glue('CreateTable', {
        DatabaseName: database,
        TableInput: {
          Name: form.name,
          TableType: 'EXTERNAL_TABLE',
          Parameters: { classification: format.id },
          PartitionKeys: form.partitions,
          StorageDescriptor: { Columns: form.columns, Location: form.location, InputFormat: format.input, OutputFormat: format.output, SerdeInfo: { SerializationLibrary: format.library, Parameters: format.parameters ?? {} } },
        },
      });
      draft.drop();
      void client.invalidateQueries({ queryKey: ['tables', database] });
      void navigate(tablePath({ DatabaseName: database, Name: form.name.toLowerCase() }));
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Modal
      visible
      size="large"
      header={`Create a table in ${database}`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={wrong} onClick={() => void create()}>
              Create
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Problem error={problem} what="Creating the table" />
        <FormField label="Name">
          <Input value={form.name} onChange={({ detail }) => set({ name: detail.value })} />
        </FormField>
        <FormField label="Location">
          <Input value={form.location} placeholder="s3://bucket/folder/" onChange={({ detail }) => set({ location: detail.value })} />
        </FormField>
        <FormField label="Format">
          <Select selectedOption={{ value: form.format, label: formats.find((each) => each.id === form.format)?.label }} options={formats.map((each) => ({ value: each.id, label: each.label }))} onChange={({ detail }) => set({ format: detail.selectedOption.value! })} />
        </FormField>
        <FormField label="Columns" stretch>
          <ColumnsEditor label="Columns" value={form.columns} onChange={(columns) => set({ columns })} />
        </FormField>
        <FormField label="Partition keys" stretch>
          <ColumnsEditor label="Partition keys" value={form.partitions} onChange={(partitions) => set({ partitions })} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
