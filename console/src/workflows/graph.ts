// A workflow as nodes and arrows, and the triggers that an edited graph amounts to.
import type { Trigger, WorkflowGraph, WorkflowNode } from '~/aws/glue';

export interface FlowNode {
  id: string;
  kind: 'TRIGGER' | 'JOB' | 'CRAWLER';
  name: string;
  trigger?: Trigger;
  state?: string;
  run?: { job: string; id: string };
}
export interface FlowArrow {
  from: string;
  to: string;
}

function stateOf(node: WorkflowNode): string | undefined {
  if (node.Type === 'JOB') return node.JobDetails?.JobRuns?.[0]?.JobRunState;
  if (node.Type === 'CRAWLER') return node.CrawlerDetails?.Crawls?.[0]?.State;
  return undefined;
}

export function fromGraph(graph: WorkflowGraph | undefined): { nodes: FlowNode[]; arrows: FlowArrow[] } {
  const nodes = (graph?.Nodes ?? []).map((node): FlowNode => {
    const run = node.JobDetails?.JobRuns?.[0];
    return { id: node.UniqueId, kind: node.Type, name: node.Name, trigger: node.TriggerDetails?.Trigger, state: stateOf(node), run: run && { job: run.JobName, id: run.Id } };
  });
  return { nodes, arrows: (graph?.Edges ?? []).map((edge) => ({ from: edge.SourceId, to: edge.DestinationId })) };
}

/** The graph that triggers make, for one that is still being edited. */
export function fromTriggers(triggers: Trigger[]): { nodes: FlowNode[]; arrows: FlowArrow[] } {
  const nodes = new Map<string, FlowNode>();
  const arrows: FlowArrow[] = [];
  const work = (job: string | undefined, crawler: string | undefined): string | undefined => {
    const name = job ?? crawler;
    if (!name) return undefined;
    const id = `${job ? 'job' : 'crawler'}:${name}`;
    nodes.set(id, { id, kind: job ? 'JOB' : 'CRAWLER', name });
    return id;
  };
  for (const trigger of triggers) {
    const id = `trigger:${trigger.Name}`;
    nodes.set(id, { id, kind: 'TRIGGER', name: trigger.Name, trigger });
    for (const condition of trigger.Predicate?.Conditions ?? []) {
      const from = work(condition.JobName, condition.CrawlerName);
      if (from) arrows.push({ from, to: id });
    }
    for (const action of trigger.Actions ?? []) {
      const to = work(action.JobName, action.CrawlerName);
      if (to) arrows.push({ from: id, to });
    }
  }
  return { nodes: [...nodes.values()], arrows };
}

/** Why a set of triggers is no workflow that starts and ends; nothing when it is one. */
export function graphProblems(triggers: Trigger[]): string[] {
  const problems: string[] = [];
  if (!triggers.some((trigger) => trigger.Type !== 'CONDITIONAL')) problems.push('Nothing starts it: add a start (by hand or by a schedule).');
  for (const trigger of triggers) {
    if ((trigger.Actions ?? []).length === 0) problems.push(`${trigger.Name} starts nothing.`);
    if (trigger.Type === 'CONDITIONAL' && (trigger.Predicate?.Conditions ?? []).length === 0) problems.push(`${trigger.Name} waits for nothing.`);
  }
  const { nodes, arrows } = fromTriggers(triggers);
  const after = new Map<string, string[]>();
  for (const arrow of arrows) after.set(arrow.from, [...(after.get(arrow.from) ?? []), arrow.to]);
  const marks = new Map<string, 'open' | 'done'>();
  const circles = (id: string): boolean => {
    if (marks.get(id) === 'open') return true;
    if (marks.get(id) === 'done') return false;
    marks.set(id, 'open');
    const found = (after.get(id) ?? []).some(circles);
    marks.set(id, 'done');
    return found;
  };
  if (nodes.some((node) => circles(node.id))) problems.push('It goes round in a circle.');
  return problems;
}
