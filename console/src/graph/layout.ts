// Where the nodes of a graph stand: ELK's layers, left to right. Comes as a chunk of its own.
import type { ELK } from 'elkjs/lib/elk-api';

export interface Box {
  id: string;
  width: number;
  height: number;
}
export interface Arrow {
  from: string;
  to: string;
}

let elk: Promise<ELK> | undefined;

async function engine(): Promise<ELK> {
  elk ??= Promise.all([import('elkjs/lib/elk-api'), import('elkjs/lib/elk-worker.min.js?url')]).then(([api, worker]) => new api.default({ workerFactory: () => new Worker(worker.default) }));
  return elk;
}

/** A narrow screen shows boxes below one another, large enough to read. */
export const flowsDown = (): boolean => window.innerWidth < 600;

const sideways = { 'elk.layered.spacing.nodeNodeBetweenLayers': '70', 'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX' };

/** In a worker: the page stays awake while hundreds of nodes are laid out. */
export async function arrange(boxes: Box[], arrows: Arrow[], direction: 'RIGHT' | 'DOWN' = flowsDown() ? 'DOWN' : 'RIGHT', options: Record<string, string> = sideways): Promise<Map<string, { x: number; y: number }>> {
  const known = new Set(boxes.map((box) => box.id));
  const laid = await (await engine()).layout({
    id: 'root',
    layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': direction, 'elk.spacing.nodeNode': '28', ...options },
    children: boxes,
    edges: arrows.filter((arrow) => known.has(arrow.from) && known.has(arrow.to)).map((arrow, index) => ({ id: `e${index}`, sources: [arrow.from], targets: [arrow.to] })),
  });
  return new Map((laid.children ?? []).map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }]));
}
