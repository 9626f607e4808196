// Editing a workflow: adding a step in words ("after claims succeeded, the crawler x") and what has to be sent to save it.
import type { Action, Condition, Trigger } from '~/aws/glue';

export interface Step {
  /** "job:claims" or "crawler:x" */
  work: string;
  when: 'hand' | 'schedule' | 'after';
  schedule: string;
  /** For `after`. */
  after: string[];
  state: string;
  any: boolean;
}

export const toAction = (work: string): Action => (work.startsWith('job:') ? { JobName: work.slice(4) } : { CrawlerName: work.slice(8) });
export const toCondition = (work: string, state: string): Condition => (work.startsWith('job:') ? { LogicalOperator: 'EQUALS', JobName: work.slice(4), State: state } : { LogicalOperator: 'EQUALS', CrawlerName: work.slice(8), CrawlState: state });
export const workOf = (each: { JobName?: string; CrawlerName?: string }): string => (each.JobName ? `job:${each.JobName}` : `crawler:${each.CrawlerName ?? ''}`);

function freeName(workflow: string, word: string, taken: string[]): string {
  for (let index = 1; ; index += 1) {
    const name = `${workflow}-${word}${index === 1 ? '' : `-${index}`}`;
    if (!taken.includes(name)) return name;
  }
}

const conditionKey = (trigger: Trigger): string => JSON.stringify([trigger.Type, trigger.Schedule, trigger.Predicate?.Logical, (trigger.Predicate?.Conditions ?? []).map((each) => [workOf(each), each.State ?? each.CrawlState]).sort()]);

/** The triggers with the step: a trigger of the same condition takes it, else there is a new one. `taken`: names in use. */
export function addStep(triggers: Trigger[], workflow: string, step: Step, taken: string[]): Trigger[] {
  const made: Trigger =
    step.when === 'after'
      ? { Name: '', Type: 'CONDITIONAL', Predicate: { Logical: step.after.length > 1 && step.any ? 'ANY' : 'AND', Conditions: step.after.map((each) => toCondition(each, step.state)) } }
      : step.when === 'schedule'
        ? { Name: '', Type: 'SCHEDULED', Schedule: step.schedule }
        : { Name: '', Type: 'ON_DEMAND' };
  const same = triggers.find((trigger) => conditionKey(trigger) === conditionKey(made));
  if (same) return triggers.map((trigger) => (trigger === same ? { ...trigger, Actions: [...(trigger.Actions ?? []).filter((each) => workOf(each) !== step.work), toAction(step.work)] } : trigger));
  const word = step.when === 'after' ? `after-${step.after[0]!.split(':')[1]}` : 'start';
  // A workflow has one start: another kind of start takes the place of the one that is there.
  const start = triggers.find((trigger) => trigger.Type !== 'CONDITIONAL');
  if (step.when !== 'after' && start) {
    return triggers.map((trigger) => (trigger === start ? { ...trigger, Type: made.Type, Schedule: made.Schedule, Actions: [...(trigger.Actions ?? []).filter((each) => workOf(each) !== step.work), toAction(step.work)] } : trigger));
  }
  return [...triggers, { ...made, Name: freeName(workflow, word, [...taken, ...triggers.map((each) => each.Name)]), WorkflowName: workflow, Actions: [toAction(step.work)] }];
}

/** Without the nodes: triggers go whole; jobs and crawlers go from every trigger, and triggers that are empty then with them. */
export function removeNodes(triggers: Trigger[], ids: string[]): Trigger[] {
  return triggers
    .filter((trigger) => !ids.includes(`trigger:${trigger.Name}`))
    .map((trigger) => ({
      ...trigger,
      Actions: (trigger.Actions ?? []).filter((each) => !ids.includes(workOf(each))),
      ...(trigger.Predicate ? { Predicate: { ...trigger.Predicate, Conditions: (trigger.Predicate.Conditions ?? []).filter((each) => !ids.includes(workOf(each))) } } : {}),
    }))
    .filter((trigger) => trigger.Actions.length > 0 && (trigger.Type !== 'CONDITIONAL' || (trigger.Predicate?.Conditions?.length ?? 0) > 0));
}

export type Change = { operation: 'CreateTrigger' | 'UpdateTrigger' | 'DeleteTrigger' | 'StartTrigger'; input: object; words: string };

/** The calls that make `before` into `after`, deletions first. A changed type is a trigger made anew. */
export function changesBetween(before: Trigger[], after: Trigger[], workflow: string): Change[] {
  const changes: Change[] = [];
  const old = new Map(before.map((each) => [each.Name, each]));
  const fresh = new Map(after.map((each) => [each.Name, each]));
  const body = (each: Trigger) => ({ Description: each.Description, Schedule: each.Schedule, Actions: each.Actions, Predicate: each.Predicate });
  for (const each of before) {
    const next = fresh.get(each.Name);
    if (!next || next.Type !== each.Type) changes.push({ operation: 'DeleteTrigger', input: { Name: each.Name }, words: `Delete ${each.Name}` });
  }
  for (const each of after) {
    const was = old.get(each.Name);
    if (!was || was.Type !== each.Type) {
      changes.push({ operation: 'CreateTrigger', input: { Name: each.Name, WorkflowName: workflow, Type: each.Type, ...body(each) }, words: `Create ${each.Name}` });
      if (each.Type !== 'ON_DEMAND') changes.push({ operation: 'StartTrigger', input: { Name: each.Name }, words: `Activate ${each.Name}` });
    } else if (JSON.stringify(body(was)) !== JSON.stringify(body(each))) {
      changes.push({ operation: 'UpdateTrigger', input: { Name: each.Name, TriggerUpdate: { Name: each.Name, ...body(each) } }, words: `Change ${each.Name}` });
    }
  }
  return changes;
}
