// Where nodes stand: from the top down along the data, as Glue Studio draws them.
import { arrange } from '~/graph/layout';
import { entries } from './graph';
import type { Nodes } from './kinds';

export type Places = Record<string, { x: number; y: number }>;

export const nodeWidth = 210;
export const nodeHeight = 64;

export async function layOut(nodes: Nodes): Promise<Places> {
  const all = entries(nodes);
  const boxes = all.map((entry) => ({ id: entry.id, width: nodeWidth, height: nodeHeight }));
  const arrows = all.flatMap((entry) => entry.inputs.map((input) => ({ from: input, to: entry.id })));
  return Object.fromEntries(await arrange(boxes, arrows, 'DOWN', { 'elk.layered.spacing.nodeNodeBetweenLayers': '44', 'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES' }));
}

/** A place for a node that has none: below its first input, or right of everything. */
export function placeFor(inputs: string[], places: Places): { x: number; y: number } {
  const taken = Object.values(places);
  const input = inputs.map((id) => places[id]).find((place) => place !== undefined);
  const place = input ? { x: input.x, y: input.y + nodeHeight + 44 } : { x: taken.length === 0 ? 0 : Math.max(...taken.map((each) => each.x)) + nodeWidth + 28, y: 0 };
  while (taken.some((each) => Math.abs(each.x - place.x) < nodeWidth && Math.abs(each.y - place.y) < nodeHeight)) place.x += nodeWidth + 28;
  return place;
}
