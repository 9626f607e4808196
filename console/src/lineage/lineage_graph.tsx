// Datasets as boxes with their columns; a chosen column lights up all that it comes from and that comes of it.
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { getNodesBounds, getViewportForBounds, Handle, Position, ReactFlowProvider, useReactFlow, type Node, type NodeProps } from '@xyflow/react';
import { Box, Button, SpaceBetween } from '@cloudscape-design/components';
import { Canvas } from '~/graph/canvas';
import { arrange } from '~/graph/layout';
import { useNotes } from '~/shell/notes';
import { edgeWords, isLit, reach, type DatasetBox, type Model } from './model';

const rowHeight = 24;
const headHeight = 52;
const width = 240;

type Chosen = { dataset: string; column: string };
type BoxNode = Node<{ box: DatasetBox; lit?: ReturnType<typeof reach>; chosen?: Chosen; pick: (column: string) => void }, 'dataset'>;

const DatasetView = memo(({ data }: NodeProps<BoxNode>) => {
  const { box, lit, chosen, pick } = data;
  return (
    <div className="box" style={{ inlineSize: width }}>
      <Handle type="target" id="" position={Position.Left} style={{ top: 26 }} />
      <Handle type="source" id="" position={Position.Right} style={{ top: 26 }} />
      <strong title={box.name}>{box.text}</strong>
      <small>{box.namespace}</small>
      <ul className="columns">
        {box.columns.map((column) => {
          const on = isLit(lit, box.id, column.name);
          return (
            <li key={column.name} className={chosen?.dataset === box.id && chosen.column === column.name ? 'chosen' : lit && !on ? 'dim' : on ? 'lit' : ''} style={{ height: rowHeight - 4 }}>
              <Handle type="target" id={column.name} position={Position.Left} />
              <button type="button" className="nodrag" onClick={() => pick(column.name)} aria-pressed={chosen?.dataset === box.id && chosen.column === column.name} title={`${column.name} ${column.type}`}>
                {column.name}
              </button>
              <Handle type="source" id={column.name} position={Position.Right} />
            </li>
          );
        })}
      </ul>
    </div>
  );
});
const nodeTypes = { dataset: DatasetView };

function Graph({ model, chosen, onChoose, height }: { model: Model; chosen: Chosen | undefined; onChoose: (chosen: Chosen | undefined) => void; height: number }) {
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const notes = useNotes();
  const [places, setPlaces] = useState<Map<string, { x: number; y: number }>>();
  const sizes = useMemo(() => model.datasets.map((box) => ({ id: box.id, width, height: headHeight + box.columns.length * rowHeight })), [model]);
  const shape = JSON.stringify([sizes, model.edges.map((each) => [each.from.dataset, each.to.dataset])]);
  useEffect(() => {
    let gone = false;
    const [boxes, pairs] = JSON.parse(shape) as [typeof sizes, [string, string][]];
    const arrows = [...new Map(pairs.filter(([from, to]) => from !== to).map(([from, to]) => [`${from}|${to}`, { from, to }])).values()];
    void arrange(boxes, arrows).then((found) => {
      if (gone) return;
      setPlaces(found);
      requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.1 }));
    });
    return () => {
      gone = true;
    };
  }, [shape, flow]);
  const lit = useMemo(() => (chosen ? reach(model, chosen) : undefined), [model, chosen]);
  const nodes = useMemo(
    (): BoxNode[] =>
      places
        ? model.datasets.filter((box) => places.has(box.id)).map((box) => ({ id: box.id, type: 'dataset', position: places.get(box.id)!, data: { box, lit, chosen, pick: (column) => onChoose({ dataset: box.id, column }) }, ariaLabel: `Dataset ${box.text}, ${box.columns.length} columns`, width, height: headHeight + box.columns.length * rowHeight }))
        : [],
    [model, places, lit, chosen, onChoose],
  );
  const edges = useMemo(() => {
    const seen = new Map<string, { id: string; source: string; target: string; sourceHandle: string; targetHandle: string; style: { opacity: number; strokeWidth: number; stroke?: string; strokeDasharray?: string } }>();
    for (const each of model.edges) {
      const on = lit?.edges.has(each);
      const rowsOnly = each.edge.transformations.length > 0 && each.edge.transformations.every((how) => how.allRows);
      const id = JSON.stringify([each.from, each.to]);
      seen.set(id, { id, source: each.from.dataset, target: each.to.dataset, sourceHandle: each.from.column, targetHandle: each.to.column, style: { opacity: lit && !on ? 0.12 : 0.9, strokeWidth: on ? 2.5 : 1.2, stroke: on ? '#0972d3' : undefined, strokeDasharray: rowsOnly ? '5 4' : undefined } });
    }
    return [...seen.values()];
  }, [model, lit]);
  const picture = async () => {
    const viewport = frame.current?.querySelector<HTMLElement>('.react-flow__viewport');
    if (!viewport) return;
    const bounds = getNodesBounds(nodes);
    const [wide, high] = [Math.min(6000, bounds.width + 80), Math.min(6000, bounds.height + 80)];
    const view = getViewportForBounds(bounds, wide, high, 0.1, 2, 0.02);
    try {
      const { toPng } = await import('html-to-image');
      const background = getComputedStyle(document.body).backgroundColor;
      const url = await toPng(viewport, { width: wide, height: high, backgroundColor: background, skipFonts: true, style: { width: `${wide}px`, height: `${high}px`, transform: `translate(${view.x}px, ${view.y}px) scale(${view.zoom})` } });
      const anchor = document.createElement('a');
      anchor.href = url;
      anchor.download = 'lineage.png';
      anchor.click();
    } catch (error) {
      notes.fail(error instanceof Error ? error : new Error('The browser could not draw it.'), 'Making the picture');
    }
  };
  const words = lit ? [...lit.edges] : [];
  return (
    <SpaceBetween size="s">
      <div ref={frame}>
        <Canvas<BoxNode, (typeof edges)[number]> label="Lineage" height={height} nodes={nodes} edges={edges} nodeTypes={nodeTypes} nodesConnectable={false} onPaneClick={() => onChoose(undefined)} onlyRenderVisibleElements={false} />
      </div>
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Button iconName="download" onClick={() => void picture()}>
          Save as a picture
        </Button>
        {chosen ? <Button onClick={() => onChoose(undefined)}>Show all</Button> : null}
        <Box variant="small">{model.cut ? 'There is more than is shown: narrow it by a job, a run or a time. ' : ''}Dashed: decides which rows, not the value.</Box>
      </SpaceBetween>
      {chosen ? (
        <ul className="rows" aria-label={`Where ${chosen.column} comes from and goes to`}>
          {words.map((each, index) => (
            <li key={index}>
              <span className="message">{edgeWords(each)}</span>
            </li>
          ))}
          {words.length === 0 ? <li>Nothing is known to come from it or to make it.</li> : null}
        </ul>
      ) : null}
    </SpaceBetween>
  );
}

export default function LineageGraphView(props: { model: Model; chosen: Chosen | undefined; onChoose: (chosen: Chosen | undefined) => void; height: number }) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}
