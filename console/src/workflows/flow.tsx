// A workflow's graph: triggers, jobs and crawlers, with the states of a run when there is one.
import { memo, useEffect, useMemo, useState } from 'react';
import { Handle, Position, useReactFlow, ReactFlowProvider, type Node, type NodeProps } from '@xyflow/react';
import { Canvas } from '~/graph/canvas';
import { arrange, flowsDown } from '~/graph/layout';
import { kindOf, words } from '~/common/state';
import { parseSchedule, scheduleWords } from '~/cron/cron';
import type { FlowArrow, FlowNode } from './graph';
import { conditionWords } from './words';

type FlowBox = Node<{ node: FlowNode }, 'flow'>;

function under(node: FlowNode): string {
  if (node.kind !== 'TRIGGER') return node.state ? words(node.state) : node.kind === 'JOB' ? 'Job' : 'Crawler';
  const trigger = node.trigger;
  if (!trigger) return 'Trigger';
  if (!trigger.Schedule) return conditionWords(trigger);
  try {
    return scheduleWords(parseSchedule(trigger.Schedule));
  } catch {
    return trigger.Schedule;
  }
}

const FlowBoxView = memo(({ data }: NodeProps<FlowBox>) => {
  const { node } = data;
  const text = under(node);
  return (
    <div className={`box kind-${node.kind.toLowerCase()} ${node.state ? `state-${kindOf(node.state)}` : ''}`} data-state={node.state}>
      <Handle type="target" position={flowsDown() ? Position.Top : Position.Left} isConnectable={node.kind === 'TRIGGER'} />
      <strong title={node.name}>{node.name}</strong>
      <small title={text}>{text}</small>
      <Handle type="source" position={flowsDown() ? Position.Bottom : Position.Right} />
    </div>
  );
});
const nodeTypes = { flow: FlowBoxView };

interface Props {
  nodes: FlowNode[];
  arrows: FlowArrow[];
  onPick?: (node: FlowNode | undefined) => void;
  onConnect?: (from: string, to: string) => void;
  onDelete?: (ids: string[]) => void;
  height?: number;
}

function Flow({ nodes, arrows, onPick, onConnect, onDelete, height }: Props) {
  const shape = JSON.stringify([nodes.map((node) => node.id), arrows]);
  const [places, setPlaces] = useState<Map<string, { x: number; y: number }>>();
  const flow = useReactFlow();
  useEffect(() => {
    let gone = false;
    const [ids, lines] = JSON.parse(shape) as [string[], FlowArrow[]];
    void arrange(ids.map((id) => ({ id, width: 200, height: 56 })), lines).then((found) => {
      if (gone) return;
      setPlaces(found);
      requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.15 }));
    });
    return () => {
      gone = true;
    };
  }, [shape, flow]);
  const boxes = useMemo(
    () => (places ? nodes.filter((node) => places.has(node.id)).map((node): FlowBox => ({ id: node.id, type: 'flow', position: places.get(node.id)!, data: { node }, ariaLabel: `${node.kind.toLowerCase()} ${node.name}, ${under(node)}`, width: 200, height: 56 })) : []),
    [nodes, places],
  );
  const edges = useMemo(() => arrows.map((arrow) => ({ id: `${arrow.from} ${arrow.to}`, source: arrow.from, target: arrow.to, animated: nodes.find((node) => node.id === arrow.to)?.state === 'RUNNING', markerEnd: { type: 'arrowclosed' as const } })), [arrows, nodes]);
  return (
    <Canvas<FlowBox, (typeof edges)[number]>
      label="Graph of the workflow"
      height={height}
      nodes={boxes}
      edges={edges}
      nodeTypes={nodeTypes}
      nodesConnectable={!!onConnect}
      nodesDraggable={false}
      onNodeClick={(_, box) => onPick?.(box.data.node)}
      onSelectionChange={({ nodes: chosen }) => chosen[0] && onPick?.((chosen[0] as FlowBox).data.node)}
      onConnect={(connection) => onConnect?.(connection.source, connection.target)}
      onBeforeDelete={async ({ nodes: gone }) => {
        onDelete?.(gone.map((node) => node.id));
        return false;
      }}
      deleteKeyCode={onDelete ? ['Delete', 'Backspace'] : null}
    />
  );
}

export default function WorkflowFlow(props: Props) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}
