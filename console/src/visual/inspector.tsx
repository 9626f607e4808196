// The chosen node: its settings, what comes out of it, and the rows themselves.
import { useState } from 'react';
import { Alert, Box, FormField, Input, Multiselect, SpaceBetween, Spinner, Tabs, Textarea } from '@cloudscape-design/components';
import type { Job } from '~/aws/glue';
import { explain } from '~/common/problem';
import { SheetView } from '~/data/sheet';
import { FieldView } from './fields/field';
import { change, connectProblem, entries, entryOf, setInputs, type Entry } from './graph';
import type { Nodes } from './kinds';
import { typeText, usePreview, type Frame, type NodeProblem } from './shown';

interface Props {
  id: string;
  nodes: Nodes;
  job: Job;
  problems: NodeProblem[];
  runs: boolean;
  onChange: (nodes: Nodes, stroke?: string) => void;
}

const cell = (value: unknown) => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));

function Rows({ frame }: { frame: Frame }) {
  return (
    <SpaceBetween size="xxs">
      <Box variant="small">
        {frame.name ? `${frame.name}: ` : ''}
        {frame.rows.length === 0 ? 'no row' : frame.more ? `the first ${frame.rows.length} rows` : `${frame.rows.length} rows, all there are`}
      </Box>
      <SheetView label={`Rows of ${frame.name || 'the node'}`} height={320} sheet={{ columns: frame.schema.fields.map((field) => field.name), rows: frame.rows.map((row) => row.map(cell)), cut: frame.more }} />
    </SpaceBetween>
  );
}

function Schema({ frame }: { frame: Frame }) {
  return (
    <div className="sheet">
      <table>
        <caption className="visually-hidden">Output schema {frame.name}</caption>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Type</th>
          </tr>
        </thead>
        <tbody>
          {frame.schema.fields.map((field, index) => (
            <tr key={index}>
              <th scope="row">{field.name}</th>
              <td>{typeText(field.type)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Asks the engine while its tab is open. */
function Shown({ id, nodes, job, as: View }: { id: string; nodes: Nodes; job: Job; as: (props: { frame: Frame }) => React.JSX.Element }) {
  const shown = usePreview(nodes, id, job);
  if (shown.error) {
    const said = explain(shown.error, 'The preview');
    return (
      <Alert type="error" header={said.title}>
        {said.message}
      </Alert>
    );
  }
  if (!shown.data) {
    return (
      <Box padding="s">
        <Spinner /> The engine reads the first rows…
      </Box>
    );
  }
  const { frames, error, problems } = shown.data;
  if (!frames) {
    return (
      <Alert type={problems.length > 0 ? 'info' : 'error'} header={problems.length > 0 ? 'Not ready yet' : 'The node cannot be computed'}>
        <span className="message">{problems.length > 0 ? problems.map((each) => `${entryOf(nodes, each.node)?.name ?? each.node}: ${each.message}`).join('\n') : error}</span>
      </Alert>
    );
  }
  return (
    <SpaceBetween size="s">
      {frames.map((frame, index) => (
        <View key={index} frame={frame} />
      ))}
    </SpaceBetween>
  );
}

/** Inputs without a mouse. */
function Inputs({ entry, nodes, onChange }: { entry: Entry; nodes: Nodes; onChange: (inputs: string[]) => void }) {
  const [, most] = entry.kind.inputs;
  if (most === 0) return null;
  const option = (id: string) => ({ value: id, label: entryOf(nodes, id)?.name ?? id, description: id });
  const free = entries(nodes).filter((each) => entry.inputs.includes(each.id) || connectProblem(nodes, each.id, entry.id) === undefined);
  return (
    <FormField stretch label={most === 1 ? 'Input' : 'Inputs'} description={entry.kind.inputs[0] === 2 ? 'Two, in this order.' : undefined}>
      <Multiselect selectedOptions={entry.inputs.map(option)} options={free.map((each) => option(each.id))} placeholder="Choose a node" ariaLabel="Inputs" deselectAriaLabel={(each) => `Disconnect ${each.label}`} empty="No other node can be its input." onChange={({ detail }) => onChange(detail.selectedOptions.map((each) => each.value!).slice(-most))} />
    </FormField>
  );
}

export function Inspector({ id, nodes, job, problems, runs, onChange }: Props) {
  const [tab, setTab] = useState('settings');
  const entry = entryOf(nodes, id);
  if (!entry) return null;
  const mine = problems.filter((each) => each.node === id);
  const put = (part: Record<string, unknown>) => onChange(change(nodes, id, part), `${id} ${Object.keys(part).join(' ')}`);
  const settings = (
    <SpaceBetween size="m">
      {mine.map((problem, index) => (
        <Alert key={index} type={problem.unsupported ? 'warning' : 'error'}>
          {problem.message}
        </Alert>
      ))}
      <Box variant="p" color="text-body-secondary">
        {entry.kind.about}
      </Box>
      <FormField stretch label="Name" errorText={entry.name.trim() === '' ? 'A node needs a name.' : undefined}>
        <Input value={entry.name} onChange={({ detail }) => put({ Name: detail.value })} />
      </FormField>
      <Inputs entry={entry} nodes={nodes} onChange={(inputs) => onChange(setInputs(nodes, id, inputs))} />
      {runs ? (
        entry.kind.fields.map((field) => <FieldView key={field.key} field={field} entry={entry} nodes={nodes} job={job} onChange={put} />)
      ) : (
        <FormField stretch label="Settings" description="Kept as they are; this server does not run the node.">
          <Textarea readOnly rows={10} value={JSON.stringify(entry.member, null, 2)} ariaLabel={`Settings of ${entry.name}`} />
        </FormField>
      )}
    </SpaceBetween>
  );
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => setTab(detail.activeTabId)}
      tabs={[
        { id: 'settings', label: 'Node', content: settings },
        { id: 'schema', label: 'Output schema', content: tab === 'schema' ? <Shown key={id} id={id} nodes={nodes} job={job} as={Schema} /> : null },
        { id: 'rows', label: 'Data preview', content: tab === 'rows' ? <Shown key={id} id={id} nodes={nodes} job={job} as={Rows} /> : null },
      ]}
    />
  );
}
