// The graph of a workflow while it is edited: steps added in words or by drawing arrows, saved as triggers.
import { lazy, Suspense, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, Container, FormField, Header, Multiselect, RadioGroup, Select, SpaceBetween, Spinner, Toggle } from '@cloudscape-design/components';
import { crawlers, glue, jobs, triggers as allTriggers, type Trigger, type Workflow } from '~/aws/glue';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { CronBuilder, scheduleProblem } from '~/cron/cron_builder';
import { useNotes } from '~/shell/notes';
import { fromTriggers, graphProblems, type FlowNode } from '~/workflows/graph';
import { addStep, changesBetween, removeNodes, toAction, toCondition, workOf, type Step } from '~/workflows/steps';
import { conditionWords } from '~/workflows/words';

const Flow = lazy(() => import('~/workflows/flow'));

const states = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT'];
const nothing: Step = { work: '', when: 'hand', schedule: 'cron(0 6 * * ? *)', after: [], state: 'SUCCEEDED', any: false };
const label = (work: string) => `${work.startsWith('job:') ? 'job' : 'crawler'} ${work.slice(work.indexOf(':') + 1)}`;

function AddStep({ works, inside, started, onAdd }: { works: string[]; inside: string[]; started: boolean; onAdd: (step: Step) => void }) {
  const [step, setStep] = useState<Step>({ ...nothing, when: started ? 'after' : 'hand' });
  const set = (part: Partial<Step>) => setStep({ ...step, ...part });
  const ready = step.work !== '' && (step.when !== 'after' || step.after.length > 0) && (step.when !== 'schedule' || !scheduleProblem(step.schedule));
  return (
    <Container header={<Header variant="h3" actions={<Button disabled={!ready} onClick={() => { onAdd(step); setStep({ ...nothing, when: 'after' }); }}>Add</Button>}>Add a step</Header>}>
      <SpaceBetween size="m">
        <FormField label="Run">
          <Select selectedOption={step.work ? { value: step.work, label: label(step.work) } : null} placeholder="a job or crawler" filteringType="auto" options={works.map((value) => ({ value, label: label(value) }))} onChange={({ detail }) => set({ work: detail.selectedOption.value! })} empty="There is no job or crawler yet." />
        </FormField>
        <FormField label="When">
          <RadioGroup
            value={step.when}
            onChange={({ detail }) => set({ when: detail.value as Step['when'] })}
            items={[
              { value: 'hand', label: 'The workflow is started by hand' },
              { value: 'schedule', label: 'By a schedule' },
              { value: 'after', label: 'After other steps', disabled: inside.length === 0 },
            ]}
          />
        </FormField>
        {step.when === 'schedule' ? <CronBuilder value={step.schedule} onChange={(schedule) => set({ schedule })} /> : null}
        {step.when === 'after' ? (
          <>
            <FormField label="After">
              <Multiselect selectedOptions={step.after.map((value) => ({ value, label: label(value) }))} placeholder="steps" options={inside.map((value) => ({ value, label: label(value) }))} onChange={({ detail }) => set({ after: detail.selectedOptions.map((each) => each.value!) })} />
            </FormField>
            <FormField label="ended as">
              <Select selectedOption={{ value: step.state, label: step.state }} options={states.map((value) => ({ value, label: value }))} onChange={({ detail }) => set({ state: detail.selectedOption.value! })} />
            </FormField>
            {step.after.length > 1 ? (
              <Toggle checked={step.any} onChange={({ detail }) => set({ any: detail.checked })}>
                One of them is enough
              </Toggle>
            ) : null}
          </>
        ) : null}
      </SpaceBetween>
    </Container>
  );
}

export default function WorkflowEditor({ workflow, onSaved }: { workflow: Workflow; onSaved: () => void }) {
  const saved = (workflow.Graph?.Nodes ?? []).map((node) => node.TriggerDetails?.Trigger).filter((each): each is Trigger => each !== undefined);
  const draft = useDraft<Trigger[]>(`workflow ${workflow.Name}`, saved);
  const triggers = draft.value ?? saved;
  const [past, setPast] = useState<Trigger[][]>([]);
  const [picked, setPicked] = useState<FlowNode>();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const notes = useNotes();
  const knownJobs = useQuery({ queryKey: ['jobs'], queryFn: jobs });
  const knownCrawlers = useQuery({ queryKey: ['crawlers'], queryFn: crawlers });
  const known = useQuery({ queryKey: ['triggers'], queryFn: allTriggers });
  const works = [...(knownJobs.data ?? []).map((each) => `job:${each.Name}`), ...(knownCrawlers.data ?? []).map((each) => `crawler:${each.Name}`)];
  const graph = fromTriggers(triggers);
  const inside = graph.nodes.filter((node) => node.kind !== 'TRIGGER').map((node) => node.id);
  const problems = triggers.length > 0 ? graphProblems(triggers) : [];
  const taken = (known.data ?? []).map((each) => each.Name);
  const become = (next: Trigger[]) => {
    setPast([...past, triggers].slice(-50));
    draft.set(next);
  };
  const connect = (from: string, to: string) => {
    const trigger = triggers.find((each) => `trigger:${each.Name}` === (from.startsWith('trigger:') ? from : to));
    if (from.startsWith('trigger:') && !to.startsWith('trigger:')) {
      if (trigger && !trigger.Actions?.some((each) => workOf(each) === to)) become(triggers.map((each) => (each === trigger ? { ...each, Actions: [...(each.Actions ?? []), toAction(to)] } : each)));
    } else if (!from.startsWith('trigger:') && to.startsWith('trigger:')) {
      if (trigger?.Type === 'CONDITIONAL') become(triggers.map((each) => (each === trigger ? { ...each, Predicate: { Logical: each.Predicate?.Logical ?? 'AND', Conditions: [...(each.Predicate?.Conditions ?? []), toCondition(from, 'SUCCEEDED')] } } : each)));
      else notes.say('A start waits for nothing. Draw from a step to another step instead.', 'warning');
    } else if (!from.startsWith('trigger:') && !to.startsWith('trigger:')) become(addStep(triggers, workflow.Name, { ...nothing, work: to, when: 'after', after: [from] }, taken));
  };
  const remove = (ids: string[]) => {
    setPicked(undefined);
    become(removeNodes(triggers, ids));
  };
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      for (const change of changesBetween(saved, triggers, workflow.Name)) await glue(change.operation, change.input);
      draft.drop();
      setPast([]);
      await client.invalidateQueries({ queryKey: ['workflow', workflow.Name] });
      void client.invalidateQueries({ queryKey: ['triggers'] });
      notes.say('Saved the workflow.');
      onSaved();
    } catch (error) {
      setProblem(error);
      void client.invalidateQueries({ queryKey: ['workflow', workflow.Name] });
    } finally {
      setBusy(false);
    }
  };
  return (
    <SpaceBetween size="m">
      <Header
        variant="h2"
        description="Draw from one step to the next, or add a step in words below. Delete removes what is chosen."
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              iconName="undo"
              disabled={past.length === 0}
              onClick={() => {
                draft.set(past.at(-1)!);
                setPast(past.slice(0, -1));
              }}
            >
              Undo
            </Button>
            {draft.dirty ? (
              <Button variant="link" onClick={() => { draft.drop(); setPast([]); }}>
                Discard
              </Button>
            ) : null}
            <Button variant="primary" loading={busy} disabled={!draft.dirty || problems.length > 0} onClick={() => void save()}>
              Save
            </Button>
          </SpaceBetween>
        }
      >
        Edit the graph
      </Header>
      <Problem error={problem} what="Saving the workflow" onRetry={() => void save()} />
      {problems.length > 0 ? (
        <Alert type="warning" header="Not a workflow yet">
          <ul>
            {problems.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Alert>
      ) : null}
      {triggers.length === 0 ? <Box color="text-body-secondary">Nothing is in it yet. Add its first step below.</Box> : null}
      {triggers.length > 0 ? (
        <Suspense fallback={<Spinner />}>
          <Flow nodes={graph.nodes} arrows={graph.arrows} onPick={setPicked} onConnect={connect} onDelete={remove} height={380} />
        </Suspense>
      ) : null}
      {picked && graph.nodes.some((node) => node.id === picked.id) ? (
        <Container header={<Header variant="h3" actions={<Button iconName="remove" onClick={() => remove([picked.id])}>Remove from the workflow</Button>}>{picked.name}</Header>}>
          <Box>{picked.trigger ? conditionWords(picked.trigger) : label(picked.id)}</Box>
        </Container>
      ) : null}
      <AddStep key={triggers.length === 0 ? 'first' : 'more'} works={works} inside={inside} started={triggers.length > 0} onAdd={(step) => become(addStep(triggers, workflow.Name, step, taken))} />
    </SpaceBetween>
  );
}
