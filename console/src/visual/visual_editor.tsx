// The canvas of a visual job: nodes added, connected, copied and changed; saved as CodeGenConfigurationNodes.
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Handle, Position, ReactFlowProvider, useReactFlow, type Node, type NodeChange, type NodeProps } from '@xyflow/react';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, ButtonDropdown, Container, FormField, Header, Input, SpaceBetween, StatusIndicator, Table as DataTable } from '@cloudscape-design/components';
import { glue, job as readJob, jobUpdate, table as readTable, type Job } from '~/aws/glue';
import { useDraft } from '~/common/draft';
import { plural } from '~/common/format';
import { Problem } from '~/common/problem';
import { Snippet } from '~/common/snippet';
import { TablePreview } from '~/pages/catalog/preview';
import { Canvas } from '~/graph/canvas';
import { arrange } from '~/graph/layout';
import { useNotes } from '~/shell/notes';
import { NodeField } from './fields';
import { kindOf, kinds } from './kinds';
import { addNode, changeNode, connect, connectProblem, copyNodes, disconnect, fromJob, inputsOf, problemsOf, removeNodes, schemaOf, toNodes, type Column, type Graph, type VisualNode } from './model';

type VisualBox = Node<{ node: VisualNode; problems: string[]; columns: number | undefined }, 'visual'>;
const width = 200;
const height = 62;

const VisualBoxView = memo(({ data }: NodeProps<VisualBox>) => {
  const kind = kindOf(data.node.kind);
  return (
    <div className={`box group-${kind?.group ?? 'other'} ${data.problems.length > 0 ? 'problem' : ''}`}>
      {kind?.group === 'source' ? null : <Handle type="target" position={Position.Left} />}
      <strong title={data.node.settings.Name}>{data.node.settings.Name}</strong>
      <small title={data.problems.join(' ')}>{data.problems[0] ?? `${kind?.label ?? `${data.node.kind} (shown only)`}${data.columns !== undefined ? ` · ${plural(data.columns, 'column')}` : ''}`}</small>
      {kind?.group === 'target' ? null : <Handle type="source" position={Position.Right} />}
    </div>
  );
});
const nodeTypes = { visual: VisualBoxView };
const groups = [
  { id: 'source', text: 'Sources' },
  { id: 'transform', text: 'Transforms' },
  { id: 'target', text: 'Targets' },
] as const;

/** The columns of the catalog's tables that sources name. */
function useSources(graph: Graph): (node: VisualNode) => Column[] | undefined {
  const wanted = [...new Map(graph.nodes.filter((node) => kindOf(node.kind)?.group === 'source' && node.settings.Database && node.settings.Table).map((node) => [`${String(node.settings.Database)}.${String(node.settings.Table)}`, [String(node.settings.Database), String(node.settings.Table)] as const])).entries()];
  const found = useQueries({ queries: wanted.map(([, [database, table]]) => ({ queryKey: ['table', database, table], queryFn: () => readTable(database, table), retry: false, staleTime: 10_000 })) });
  const known = new Map(wanted.map(([name], index) => [name, found[index]?.data]));
  return (node) => {
    const table = known.get(`${String(node.settings.Database)}.${String(node.settings.Table)}`);
    return table && [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])].map((each) => ({ name: each.Name, type: each.Type ?? '' }));
  };
}

function SourcePreview({ node }: { node: VisualNode }) {
  const [shown, setShown] = useState(false);
  const [found] = useQueries({ queries: [{ queryKey: ['table', node.settings.Database, node.settings.Table], queryFn: () => readTable(String(node.settings.Database), String(node.settings.Table)), enabled: shown && !!node.settings.Table, retry: false }] });
  if (!node.settings.Table) return null;
  if (!shown) return <Button onClick={() => setShown(true)}>Preview its data</Button>;
  if (found.error) return <Problem error={found.error} what="Reading the table" />;
  return found.data ? <TablePreview table={found.data} /> : null;
}

function Editor({ job }: { job: Job }) {
  const saved = useMemo(() => fromJob(job), [job]);
  const draft = useDraft<Graph>(`visual ${job.Name}`, saved);
  const graph = draft.value ?? saved;
  const [past, setPast] = useState<Graph[]>([]);
  const [future, setFuture] = useState<Graph[]>([]);
  const [picked, setPicked] = useState<string[]>([]);
  const clipboard = useRef<VisualNode[]>([]);
  const [problem, setProblem] = useState<unknown>();
  const [clash, setClash] = useState(false);
  const [busy, setBusy] = useState(false);
  const [base, setBase] = useState(job.LastModifiedOn);
  const flow = useReactFlow();
  const notes = useNotes();
  const client = useQueryClient();
  const source = useSources(graph);
  const schema = (id: string) => schemaOf(graph, id, source);
  const dirty = JSON.stringify(toNodes(graph)) !== JSON.stringify(toNodes(saved));

  const latest = useRef(graph);
  latest.current = graph;
  const merging = useRef<string>(undefined);
  /** `merge`: changes of one name in a row, as typing into one field, are one step back. */
  const become = useCallback(
    (next: Graph, merge?: string) => {
      if (!merge || merging.current !== merge) setPast((now) => [...now, latest.current].slice(-100));
      merging.current = merge;
      setFuture([]);
      draft.set(next);
    },
    [draft],
  );
  const undo = () => {
    if (past.length === 0) return;
    merging.current = undefined;
    setFuture([graph, ...future]);
    draft.set(past.at(-1)!);
    setPast(past.slice(0, -1));
  };
  const redo = () => {
    if (future.length === 0) return;
    merging.current = undefined;
    setPast([...past, graph]);
    draft.set(future[0]!);
    setFuture(future.slice(1));
  };

  const tidy = useCallback(
    async (of: Graph) => {
      const places = await arrange(of.nodes.map((node) => ({ id: node.id, width, height })), of.nodes.flatMap((node) => inputsOf(node).map((from) => ({ from, to: node.id }))));
      return { ...of, places: Object.fromEntries(places) };
    },
    [],
  );
  // Glue keeps no places: a job is laid out when it is opened, and whatever is added without one.
  const [laid, setLaid] = useState<Graph['places']>({});
  const unplaced = graph.nodes.filter((node) => !graph.places[node.id] && !laid[node.id]).map((node) => node.id).join();
  useEffect(() => {
    if (unplaced === '') return;
    let gone = false;
    void tidy(latest.current).then((next) => {
      if (gone) return;
      setLaid((now) => ({ ...next.places, ...now, ...Object.fromEntries(unplaced.split(',').map((id) => [id, next.places[id] ?? { x: 0, y: 0 }])) }));
      requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.2 }));
    });
    return () => {
      gone = true;
    };
  }, [unplaced, tidy, flow]);
  const placeOf = (id: string) => graph.places[id] ?? laid[id];

  const problems = new Map(graph.nodes.map((node) => [node.id, problemsOf(graph, node, schema)]));
  const count = [...problems.values()].filter((each) => each.length > 0).length;
  const boxes = graph.nodes.filter((node) => placeOf(node.id)).map(
    (node): VisualBox => ({ id: node.id, type: 'visual', position: placeOf(node.id)!, data: { node, problems: problems.get(node.id) ?? [], columns: schema(node.id)?.length }, selected: picked.includes(node.id), width, height, ariaLabel: `${node.settings.Name}, ${kindOf(node.kind)?.label ?? node.kind}${(problems.get(node.id) ?? []).length > 0 ? `, ${problems.get(node.id)!.join(' ')}` : ''}` }),
  );
  const edges = graph.nodes.flatMap((node) => inputsOf(node).map((from) => ({ id: `${from} ${node.id}`, source: from, target: node.id, markerEnd: { type: 'arrowclosed' as const } })));

  const add = (kind: string) => {
    const from = picked.length === 1 ? picked[0] : undefined;
    const takes = (kindOf(kind)?.inputs[1] ?? 0) > 0 && kindOf(graph.nodes.find((node) => node.id === from)?.kind ?? '')?.group !== 'target';
    const at = from && placeOf(from);
    const siblings = graph.nodes.filter((node) => from && inputsOf(node).includes(from)).length;
    const lowest = Math.max(0, ...graph.nodes.map((node) => (placeOf(node.id)?.y ?? 0) + 100));
    const made = addNode(graph, kind, takes ? from : undefined, at && takes ? { x: at.x + width + 80, y: at.y + siblings * 100 } : graph.nodes.length > 0 ? { x: 0, y: lowest } : { x: 0, y: 0 });
    become(made.graph);
    setPicked([made.id]);
    requestAnimationFrame(() => requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.2 })));
  };
  const onNodesChange = (changes: NodeChange<VisualBox>[]) => {
    const chosen = changes.filter((change) => change.type === 'select');
    if (chosen.length > 0) {
      setPicked((now) => {
        const next = new Set(now);
        for (const change of chosen) {
          if (change.selected) next.add(change.id);
          else next.delete(change.id);
        }
        return [...next];
      });
    }
    const moved = changes.filter((change) => change.type === 'position');
    const places = { ...graph.places };
    for (const change of moved) if (change.position) places[change.id] = change.position;
    if (moved.some((change) => change.position)) become({ ...graph, places }, 'move');
  };
  const remove = (ids: string[]) => {
    if (ids.length === 0) return;
    become(removeNodes(graph, ids));
    setPicked([]);
  };
  const paste = () => {
    if (clipboard.current.length === 0) return;
    const copied = copyNodes({ ...graph, places: { ...laid, ...graph.places } }, clipboard.current);
    become(copied.graph);
    setPicked(copied.ids);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest('input, textarea, [contenteditable], .monaco-editor')) return;
    const control = event.ctrlKey || event.metaKey;
    const name = event.key.toLowerCase();
    const act = control && name === 'z' ? (event.shiftKey ? redo : undo) : control && name === 'y' ? redo : control && name === 'c' && picked.length > 0 ? () => (clipboard.current = graph.nodes.filter((node) => picked.includes(node.id))) : control && name === 'v' ? paste : control && name === 's' ? () => void save() : name === 'delete' || name === 'backspace' ? () => remove(picked) : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  };
  const save = async (over = false) => {
    if (!dirty) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const now = await readJob(job.Name);
      if (!over && now.LastModifiedOn !== base) return setClash(true);
      await glue('UpdateJob', { JobName: job.Name, JobUpdate: { ...jobUpdate(now), JobMode: 'VISUAL', CodeGenConfigurationNodes: toNodes(graph) } });
      const after = await readJob(job.Name);
      setBase(after.LastModifiedOn);
      setLaid((before) => ({ ...before, ...graph.places }));
      client.setQueryData(['jobs', job.Name], after);
      void client.invalidateQueries({ queryKey: ['script'] });
      setClash(false);
      draft.drop();
      notes.say('Saved the visual job.');
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const one = picked.length === 1 ? graph.nodes.find((node) => node.id === picked[0]) : undefined;
  const kind = one && kindOf(one.kind);
  const columns = one && schema(one.id);
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the canvas inside, which has the focus
    <div onKeyDown={onKey}>
      <SpaceBetween size="s">
        <div className="log-tools visual-tools">
          <SpaceBetween direction="horizontal" size="xs">
            {groups.map((group) => (
              <ButtonDropdown key={group.id} expandableGroups items={kinds.filter((each) => each.group === group.id).map((each) => ({ id: each.id, text: each.label, description: each.help }))} onItemClick={({ detail }) => add(detail.id)}>
                {group.text}
              </ButtonDropdown>
            ))}
          </SpaceBetween>
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="icon" iconName="undo" ariaLabel="Undo" disabled={past.length === 0} onClick={undo} />
            <Button variant="icon" iconName="redo" ariaLabel="Redo" disabled={future.length === 0} onClick={redo} />
            <Button variant="icon" iconName="copy" ariaLabel="Copy the chosen nodes" disabled={picked.length === 0} onClick={() => { clipboard.current = graph.nodes.filter((node) => picked.includes(node.id)); paste(); }} />
            <Button variant="icon" iconName="remove" ariaLabel="Remove the chosen nodes" disabled={picked.length === 0} onClick={() => remove(picked)} />
            <Button disabled={graph.nodes.length === 0} onClick={() => void tidy(graph).then((next) => { become(next); requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.2 })); })}>
              Tidy up
            </Button>
            {dirty ? (
              <Button variant="link" onClick={() => { draft.drop(); setPast([]); setFuture([]); }}>
                Discard
              </Button>
            ) : null}
            <Button variant="primary" disabled={!dirty} loading={busy} onClick={() => void save()}>
              Save
            </Button>
          </SpaceBetween>
        </div>
        <Problem error={problem} what="Saving the visual job" onRetry={() => void save()} />
        {clash ? (
          <Alert
            type="warning"
            header="Somebody else changed this job meanwhile"
            action={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => { draft.drop(); setClash(false); setBase(undefined); void client.invalidateQueries({ queryKey: ['jobs', job.Name] }).then(async () => setBase((await readJob(job.Name)).LastModifiedOn)); }}>Take theirs, drop mine</Button>
                <Button onClick={() => void save(true)}>Save mine over it</Button>
              </SpaceBetween>
            }
          >
            Your graph is kept here until you choose.
          </Alert>
        ) : null}
        <Box variant="small">
          {graph.nodes.length === 0 ? 'Begin with a source. What is added next is connected to the chosen node.' : count > 0 ? <StatusIndicator type="warning">{plural(count, 'node')} to finish</StatusIndicator> : <StatusIndicator type="success">Every node is complete</StatusIndicator>}
        </Box>
        <Canvas<VisualBox, (typeof edges)[number]>
          label="Canvas of the visual job"
          height={430}
          nodes={boxes}
          edges={edges}
          nodeTypes={nodeTypes}
          onNodesChange={onNodesChange}
          onConnect={(each) => {
            const wrong = connectProblem(graph, each.source, each.target);
            if (wrong) notes.say(wrong, 'warning');
            else become(connect(graph, each.source, each.target));
          }}
          isValidConnection={(each) => connectProblem(graph, each.source, each.target) === undefined}
          onEdgesDelete={(gone) => become(gone.reduce((now, edge) => disconnect(now, edge.source, edge.target), graph))}
          onBeforeDelete={async ({ nodes }) => nodes.length === 0}
          deleteKeyCode={['Delete', 'Backspace']}
        />
        {one ? (
          <Container header={<Header variant="h2" description={kind?.help ?? 'This kind is shown and kept as it is; it is not edited here.'}>{one.settings.Name || kind?.label || one.kind}</Header>}>
            <SpaceBetween size="m">
              {(problems.get(one.id) ?? []).length > 0 ? (
                <Alert type="warning" header="To finish">
                  <ul>
                    {problems.get(one.id)!.map((each) => (
                      <li key={each}>{each}</li>
                    ))}
                  </ul>
                </Alert>
              ) : null}
              {kind ? (
                <>
                  <FormField label="Name">
                    <Input value={one.settings.Name} onChange={({ detail }) => become(changeNode(graph, one.id, { Name: detail.value }), `${one.id} Name`)} />
                  </FormField>
                  {kind.fields.map((field) => (
                    <NodeField key={`${one.id} ${field.name}`} field={field} node={one} graph={graph} inputs={inputsOf(one).map(schema)} set={(part) => become(changeNode(graph, one.id, part), `${one.id} ${field.name}`)} />
                  ))}
                </>
              ) : (
                <Snippet language="json" text={JSON.stringify(one.settings, null, 2)} />
              )}
              {kind?.group === 'source' ? <SourcePreview key={one.id} node={one} /> : null}
              {columns ? (
                <DataTable
                  variant="embedded"
                  items={columns}
                  header={<Header variant="h3" counter={`(${columns.length})`}>Output schema</Header>}
                  columnDefinitions={[
                    { id: 'name', header: 'Column', isRowHeader: true, cell: (each) => <code>{each.name}</code> },
                    { id: 'type', header: 'Type', cell: (each) => <code>{each.type || 'not known'}</code> },
                  ]}
                />
              ) : (
                <Box color="text-body-secondary">Its output columns are known once it runs.</Box>
              )}
            </SpaceBetween>
          </Container>
        ) : (
          <Box variant="small">Choose a node to fill it in. Ctrl+C and Ctrl+V copy, Ctrl+Z and Ctrl+Y go back and forth, Delete removes, the arrow keys move.</Box>
        )}
      </SpaceBetween>
    </div>
  );
}

export default function VisualEditor({ job }: { job: Job }) {
  return (
    <ReactFlowProvider>
      <Editor job={job} />
    </ReactFlowProvider>
  );
}
