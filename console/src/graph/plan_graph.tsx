// A query's plan: operators from sources (left) to the result (right), the slow ones by a longer bar.
import { memo, useEffect, useMemo, useState } from 'react';
import { Handle, Position, ReactFlowProvider, useReactFlow, type Node, type NodeProps } from '@xyflow/react';
import { Box, KeyValuePairs } from '@cloudscape-design/components';
import type { Operator } from '~/aws/runs';
import { formatBytes, formatCount, formatDuration } from '~/common/format';
import { Canvas } from './canvas';
import { arrange, flowsDown } from './layout';

type PlanNode = Node<{ operator: Operator; share: number }, 'operator'>;

const OperatorView = memo(({ data }: NodeProps<PlanNode>) => (
  <div className="box">
    <Handle type="target" position={flowsDown() ? Position.Top : Position.Left} />
    <strong title={data.operator.engine_operator}>{data.operator.operator}</strong>
    <small>
      {formatDuration(data.operator.seconds)} · {formatCount(data.operator.rows)} rows
    </small>
    <span className="bar" style={{ inlineSize: `${Math.max(2, Math.round(data.share * 100))}%` }} />
    <Handle type="source" position={flowsDown() ? Position.Bottom : Position.Right} />
  </div>
));
const nodeTypes = { operator: OperatorView };

export function flatten(root: Operator): { operators: { id: string; operator: Operator }[]; arrows: { from: string; to: string }[] } {
  const operators: { id: string; operator: Operator }[] = [];
  const arrows: { from: string; to: string }[] = [];
  const walk = (operator: Operator): string => {
    const id = `o${operators.length}`;
    operators.push({ id, operator });
    for (const input of operator.inputs) arrows.push({ from: walk(input), to: id });
    return id;
  };
  walk(root);
  return { operators, arrows };
}

function Plan({ root }: { root: Operator }) {
  const flow = useReactFlow();
  const { operators, arrows } = useMemo(() => flatten(root), [root]);
  const [places, setPlaces] = useState<Map<string, { x: number; y: number }>>();
  const [picked, setPicked] = useState<Operator>();
  useEffect(() => {
    let gone = false;
    void arrange(operators.map(({ id }) => ({ id, width: 200, height: 66 })), arrows).then((found) => {
      if (gone) return;
      setPlaces(found);
      requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.1 }));
    });
    return () => {
      gone = true;
    };
  }, [operators, arrows, flow]);
  const most = Math.max(...operators.map((each) => each.operator.seconds), 1e-9);
  const nodes = useMemo(
    () => (places ? operators.map(({ id, operator }): PlanNode => ({ id, type: 'operator', position: places.get(id) ?? { x: 0, y: 0 }, data: { operator, share: operator.seconds / most }, width: 200, height: 66, ariaLabel: `${operator.operator}, ${formatDuration(operator.seconds)}, ${formatCount(operator.rows)} rows` })) : []),
    [operators, places, most],
  );
  const edges = useMemo(() => arrows.map((arrow) => ({ id: `${arrow.from} ${arrow.to}`, source: arrow.from, target: arrow.to })), [arrows]);
  return (
    <>
      <Canvas<PlanNode, (typeof edges)[number]> label="Plan of the query" nodes={nodes} edges={edges} nodeTypes={nodeTypes} nodesConnectable={false} nodesDraggable={false} onNodeClick={(_, node) => setPicked(node.data.operator)} />
      {picked ? (
        <Box margin={{ top: 'm' }}>
          <KeyValuePairs
            columns={3}
            items={[
              { label: 'Operator', value: `${picked.operator} (${picked.engine_operator})` },
              { label: 'Rows given', value: formatCount(picked.rows) },
              { label: 'Rows scanned', value: formatCount(picked.rows_scanned) },
              { label: 'Size', value: formatBytes(picked.bytes) },
              ...Object.entries(picked.details).map(([label, value]) => ({ label, value: <span className="message">{value}</span> })),
            ]}
          />
        </Box>
      ) : (
        <Box variant="small">Choose an operator to see its details.</Box>
      )}
    </>
  );
}

export default function PlanGraph({ root }: { root: Operator }) {
  return (
    <ReactFlowProvider>
      <Plan root={root} />
    </ReactFlowProvider>
  );
}
