// Datasets as boxes with their columns; a chosen column lights up all that it comes from and that comes of it.
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { getNodesBounds, getViewportForBounds, Handle, Position, ReactFlowProvider, useReactFlow, type Node, type NodeProps } from '@xyflow/react';
import { Box, Button, SpaceBetween } from '@cloudscape-design/components';
import { Canvas } from '~/graph/canvas';
import { arrange } from '~/graph/layout';
import { useNotes } from '~/shell/notes';
import { drawn, isLit, reach, type DatasetBox, type End, type Model, type Reach } from './model';
import { Told } from './told';

const rowHeight = 24;
const headHeight = 54;
const width = 250;
/** A box shows so many columns, and those that are lit, until it is asked for all. */
const columnsShown = 16;

interface Shown {
  box: DatasetBox;
  columns: DatasetBox['columns'];
  more: number;
  height: number;
}
interface BoxData extends Record<string, unknown> {
  shown: Shown;
  lit?: Reach;
  chosen?: End;
  pick: (column: string) => void;
  expand: () => void;
}
type BoxNode = Node<BoxData, 'dataset'>;

const DatasetView = memo(({ data }: NodeProps<BoxNode>) => {
  const { shown, lit, chosen, pick, expand } = data;
  const { box } = shown;
  const decided = isLit(lit, box.id, '');
  return (
    <div className={`box${decided ? ' decided' : ''}`} style={{ inlineSize: width }}>
      <Handle type="target" id="" position={Position.Left} style={{ top: 26 }} />
      <Handle type="source" id="" position={Position.Right} style={{ top: 26 }} />
      <strong title={box.name}>{box.text}</strong>
      <small title={box.namespace}>{decided && chosen ? `${chosen.column} decides its rows` : box.namespace}</small>
      {shown.columns.length > 0 ? (
        <ul className="columns">
          {shown.columns.map((column) => {
            const isChosen = chosen?.dataset === box.id && chosen.column === column.name;
            const on = isLit(lit, box.id, column.name);
            return (
              <li key={column.name} className={isChosen ? 'chosen' : lit ? (on ? 'lit' : 'dim') : ''} style={{ height: rowHeight - 4 }}>
                <Handle type="target" id={column.name} position={Position.Left} />
                <button type="button" className="nodrag" onClick={() => pick(column.name)} aria-pressed={isChosen} aria-label={`Column ${column.name} of ${box.text}`} title={`${column.name} ${column.type}`}>
                  {column.name}
                </button>
                <Handle type="source" id={column.name} position={Position.Right} />
              </li>
            );
          })}
          {shown.more > 0 ? (
            <li style={{ height: rowHeight - 4 }}>
              <button type="button" className="nodrag" onClick={expand}>
                and {shown.more} more
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
});
const nodeTypes = { dataset: DatasetView };

function shownOf(box: DatasetBox, lit: Reach | undefined, whole: boolean): Shown {
  const columns = whole || box.columns.length <= columnsShown ? box.columns : box.columns.filter((column, place) => place < columnsShown || isLit(lit, box.id, column.name));
  const more = box.columns.length - columns.length;
  return { box, columns, more, height: headHeight + (columns.length + (more > 0 ? 1 : 0)) * rowHeight };
}

interface Props {
  model: Model;
  chosen: End | undefined;
  onChoose: (chosen: End | undefined) => void;
  height: number;
}

function Graph({ model, chosen, onChoose, height }: Props) {
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const notes = useNotes();
  const [places, setPlaces] = useState<Map<string, { x: number; y: number }>>();
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const lit = useMemo(() => (chosen ? reach(model, chosen) : undefined), [model, chosen]);
  const boxes = useMemo(() => model.datasets.map((box) => shownOf(box, lit, expanded.has(box.id))), [model, lit, expanded]);
  const arrows = useMemo(() => drawn(model), [model]);
  const shape = JSON.stringify([boxes.map(({ box, height: high }) => ({ id: box.id, width, height: high })), [...new Set(arrows.map((each) => JSON.stringify({ from: each.from.dataset, to: each.to.dataset })))].map((each) => JSON.parse(each) as { from: string; to: string })]);
  useEffect(() => {
    let gone = false;
    const [sized, pairs] = JSON.parse(shape) as [{ id: string; width: number; height: number }[], { from: string; to: string }[]];
    void arrange(sized, pairs.filter(({ from, to }) => from !== to)).then((found) => {
      if (gone) return;
      setPlaces(found);
      requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.1 }));
    });
    return () => {
      gone = true;
    };
  }, [shape, flow]);
  const nodes = useMemo(
    (): BoxNode[] =>
      boxes
        .filter(({ box }) => places?.has(box.id))
        .map((shown) => ({
          id: shown.box.id,
          type: 'dataset',
          position: places!.get(shown.box.id)!,
          data: { shown, lit, chosen, pick: (column) => onChoose({ dataset: shown.box.id, column }), expand: () => setExpanded((now) => new Set(now).add(shown.box.id)) },
          ariaLabel: `Dataset ${shown.box.text}, ${shown.box.columns.length} columns`,
          width,
          height: shown.height,
        })),
    [boxes, places, lit, chosen, onChoose],
  );
  const edges = useMemo(() => {
    const columns = new Map(boxes.map(({ box, columns: visible }) => [box.id, new Set(visible.map((each) => each.name))]));
    // A column that its box does not show has its edges at the box's head.
    const handle = (end: End) => (columns.get(end.dataset)?.has(end.column) ? end.column : '');
    const lines = new Map<string, { id: string; source: string; target: string; sourceHandle: string; targetHandle: string; style: { opacity: number; strokeWidth: number; stroke?: string; strokeDasharray?: string } }>();
    for (const each of arrows) {
      const on = lit && (lit.up.has(each) || lit.down.has(each));
      const ends = { source: each.from.dataset, target: each.to.dataset, sourceHandle: handle(each.from), targetHandle: handle(each.to) };
      const id = JSON.stringify([ends, each.kind]);
      if (lines.has(id) && !on) continue;
      lines.set(id, { id, ...ends, style: { opacity: lit && !on ? 0.12 : 0.9, strokeWidth: on ? 2.5 : 1.2, stroke: on ? '#0972d3' : undefined, strokeDasharray: each.kind === 'rows' ? '5 4' : undefined } });
    }
    return [...lines.values()];
  }, [arrows, boxes, lit]);
  const picture = async () => {
    const viewport = frame.current?.querySelector<HTMLElement>('.react-flow__viewport');
    if (!viewport) return;
    const bounds = getNodesBounds(nodes);
    const [wide, high] = [Math.min(6000, bounds.width + 80), Math.min(6000, bounds.height + 80)];
    const view = getViewportForBounds(bounds, wide, high, 0.1, 2, 0.02);
    try {
      const { toPng } = await import('html-to-image');
      const url = await toPng(viewport, { width: wide, height: high, pixelRatio: 2, backgroundColor: getComputedStyle(document.body).backgroundColor, skipFonts: true, style: { width: `${wide}px`, height: `${high}px`, transform: `translate(${view.x}px, ${view.y}px) scale(${view.zoom})` } });
      const anchor = document.createElement('a');
      anchor.href = url;
      anchor.download = 'lineage.png';
      anchor.click();
    } catch (error) {
      notes.fail(error instanceof Error ? error : new Error('The browser could not draw it.'), 'Making the picture');
    }
  };
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
        <Box variant="small">
          {model.cut ? 'There is more than is shown: narrow it by a job, a run or a time. ' : ''}
          {chosen ? '' : 'Choose a column to see what it comes from and what comes of it. '}Dashed: decides which rows, not the value.
        </Box>
      </SpaceBetween>
      {chosen && lit ? <Told chosen={chosen} lit={lit} model={model} /> : null}
    </SpaceBetween>
  );
}

export default function LineageGraphView(props: Props) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}
