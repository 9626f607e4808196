// The nodes on their canvas: drag, connect, select, delete, copy. The keyboard does the same; see the help below it.
import { createContext, memo, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Background, Controls, Handle, MiniMap, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Connection, type Edge, type Node, type NodeChange, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useDark } from '~/shell/theme';
import { connect, connectProblem, disconnect, entries, remove } from './graph';
import type { Nodes, Role } from './kinds';
import { layOut, nodeHeight, nodeWidth, placeFor, type Places } from './layout';
import type { NodeProblem } from './shown';

type Box = Node<{ label: string; kind: string; role: Role; problem?: string; unsupported?: boolean }, 'box'>;

const Selected = createContext<(id: string) => void>(() => {});

const NodeBox = memo(function NodeBox({ id, data, selected }: NodeProps<Box>) {
  const select = useContext(Selected);
  const state = data.problem ? (data.unsupported ? ' is-unsupported' : ' is-wrong') : '';
  return (
    <div className={`flow-node is-${data.role}${state}${selected ? ' is-selected' : ''}`} title={data.problem} onDoubleClick={() => select(id)}>
      {data.role !== 'source' ? <Handle type="target" position={Position.Top} /> : null}
      <span className="flow-kind">{data.kind}</span>
      <strong>{data.label}</strong>
      {data.problem ? <span className="visually-hidden">{data.problem}</span> : null}
      {data.role !== 'target' ? <Handle type="source" position={Position.Bottom} /> : null}
    </div>
  );
});

const nodeTypes = { box: NodeBox };

interface Props {
  nodes: Nodes;
  onChange: (nodes: Nodes) => void;
  problems: NodeProblem[];
  selected?: string;
  onSelect: (ids: string[]) => void;
  onRefused: (why: string) => void;
  /** Counts up when everything is to be laid out anew. */
  layoutCount: number;
}

function Flow({ nodes, onChange, problems, selected, onSelect, onRefused, layoutCount }: Props) {
  const dark = useDark();
  const flow = useReactFlow();
  const [places, setPlaces] = useState<Places>({});
  const [chosen, setChosen] = useState<string[]>(selected ? [selected] : []);
  const latest = useRef(nodes);
  latest.current = nodes;

  useEffect(() => {
    let gone = false;
    void layOut(latest.current).then((found) => {
      if (gone) return;
      setPlaces(found);
      requestAnimationFrame(() => void flow.fitView({ padding: 0.2, maxZoom: 1 }));
    });
    return () => void (gone = true);
  }, [layoutCount, flow]);
  // A node that was added is to be seen, and all of them when the canvas gets another size.
  const count = entries(nodes).length;
  useEffect(() => {
    const frame = requestAnimationFrame(() => void flow.fitView({ padding: 0.2, maxZoom: 1, duration: 150 }));
    return () => cancelAnimationFrame(frame);
  }, [count, flow]);
  useEffect(() => {
    const fit = () => void flow.fitView({ padding: 0.2, maxZoom: 1 });
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  }, [flow]);
  useEffect(() => {
    if (selected !== undefined) setChosen((now) => (now.includes(selected) ? now : [selected]));
    else setChosen([]);
  }, [selected]);

  const placed = useMemo(() => {
    const next: Places = { ...places };
    for (const entry of entries(nodes)) next[entry.id] ??= placeFor(entry.inputs, next);
    return next;
  }, [nodes, places]);
  const boxes = useMemo(
    () =>
      entries(nodes).map((entry): Box => {
        const problem = problems.find((each) => each.node === entry.id);
        return {
          id: entry.id,
          type: 'box',
          position: placed[entry.id]!,
          width: nodeWidth,
          height: nodeHeight,
          selected: chosen.includes(entry.id),
          ariaLabel: `${entry.kind.role} ${entry.name}, ${entry.kind.label}`,
          data: { label: entry.name || entry.id, kind: entry.kind.label, role: entry.kind.role, problem: problem?.message, unsupported: problem?.unsupported },
        };
      }),
    [nodes, placed, problems, chosen],
  );
  const edges = useMemo(
    () => entries(nodes).flatMap((entry) => entry.inputs.filter((input) => nodes[input]).map((input): Edge => ({ id: `${input}→${entry.id}`, source: input, target: entry.id, focusable: true, ariaLabel: `From ${input} to ${entry.id}` }))),
    [nodes],
  );
  const apply = (changes: NodeChange<Box>[]) => {
    let now = chosen;
    for (const change of changes) {
      if (change.type === 'position' && change.position) {
        const { id, position } = change;
        setPlaces((before) => ({ ...before, [id]: position }));
      }
      if (change.type === 'select') now = change.selected ? [...now.filter((id) => id !== change.id), change.id] : now.filter((id) => id !== change.id);
    }
    if (now !== chosen) {
      setChosen(now);
      onSelect(now);
    }
  };
  const join = (connection: Connection) => {
    const problem = connectProblem(nodes, connection.source, connection.target);
    if (problem !== undefined) onRefused(problem);
    else onChange(connect(nodes, connection.source, connection.target));
  };
  return (
    <Selected value={(id) => onSelect([id])}>
      <ReactFlow<Box>
        nodes={boxes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={dark ? 'dark' : 'light'}
        onNodesChange={apply}
        onConnect={join}
        onNodesDelete={(gone) => onChange(remove(nodes, gone.map((node) => node.id)))}
        onEdgesDelete={(gone) => onChange(gone.reduce((now, edge) => disconnect(now, edge.source, edge.target), nodes))}
        deleteKeyCode={['Delete', 'Backspace']}
        minZoom={0.1}
        onlyRenderVisibleElements
        proOptions={{ hideAttribution: true }}
        fitView
        fitViewOptions={{ padding: 0.2, maxZoom: 1 }}
      >
        <Background />
        <Controls showInteractive={false} />
        {boxes.length > 12 ? <MiniMap pannable zoomable ariaLabel="Overview" /> : null}
      </ReactFlow>
    </Selected>
  );
}

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}
