// The job's settings: read, changed, saved as UpdateJob takes them.
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, ColumnLayout, Container, ExpandableSection, FormField, Header, Input, Select, SpaceBetween, Textarea } from '@cloudscape-design/components';
import { glue, job as readJob, jobUpdate, type Job } from '~/aws/glue';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { Time } from '~/common/time';
import { useNotes } from '~/shell/notes';
import { Arguments, argumentProblem, toArguments, toMap, type Argument } from './arguments';

export interface JobForm {
  description: string;
  role: string;
  script: string;
  version: string;
  worker: string;
  workers: string;
  timeout: string;
  retries: string;
  concurrent: string;
  defaults: Argument[];
  fixed: Argument[];
}

export const toForm = (job: Job): JobForm => ({
  description: job.Description ?? '',
  role: job.Role ?? '',
  script: job.Command?.ScriptLocation ?? '',
  version: job.GlueVersion ?? '4.0',
  worker: job.WorkerType ?? 'G.1X',
  workers: String(job.NumberOfWorkers ?? 2),
  timeout: String(job.Timeout ?? ''),
  retries: String(job.MaxRetries ?? 0),
  concurrent: String(job.ExecutionProperty?.MaxConcurrentRuns ?? 1),
  defaults: toArguments(job.DefaultArguments),
  fixed: toArguments(job.NonOverridableArguments),
});

export function withForm(job: Job, form: JobForm): Job {
  const changed: Job = {
    ...job,
    Description: form.description,
    Role: form.role,
    Command: { ...job.Command, ScriptLocation: form.script },
    GlueVersion: form.version,
    Timeout: form.timeout === '' ? undefined : Number(form.timeout),
    MaxRetries: Number(form.retries) || 0,
    ExecutionProperty: { MaxConcurrentRuns: Number(form.concurrent) || 1 },
    DefaultArguments: toMap(form.defaults),
    NonOverridableArguments: toMap(form.fixed),
  };
  if (job.Command?.Name !== 'pythonshell') {
    changed.WorkerType = form.worker;
    changed.NumberOfWorkers = Number(form.workers) || 2;
    delete changed.MaxCapacity;
  }
  return changed;
}

const options = (values: string[]) => values.map((value) => ({ value, label: value }));

export function JobFields({ form, set }: { form: JobForm; set: (part: Partial<JobForm>) => void }) {
  return (
    <SpaceBetween size="l">
      <ColumnLayout columns={2}>
        <FormField label="Description">
          <Textarea rows={2} value={form.description} onChange={({ detail }) => set({ description: detail.value })} />
        </FormField>
        <FormField label="Role" description="Whose policies hold for the run when keys are configured.">
          <Input value={form.role} onChange={({ detail }) => set({ role: detail.value })} />
        </FormField>
        <FormField label="Script" description="s3://bucket/key of the Python file.">
          <Input value={form.script} onChange={({ detail }) => set({ script: detail.value })} />
        </FormField>
        <FormField label="Glue version" description="Up to 5.1: Spark 3.5’s rules; 6.0: Spark 4 with ANSI on.">
          <Select selectedOption={{ value: form.version, label: form.version }} options={options(['2.0', '3.0', '4.0', '5.0', '5.1', '6.0'])} onChange={({ detail }) => set({ version: detail.selectedOption.value! })} />
        </FormField>
        <FormField label="Worker type" description="Kept for AWS; here the run gets the machine.">
          <Select selectedOption={{ value: form.worker, label: form.worker }} options={options(['G.025X', 'G.1X', 'G.2X', 'G.4X', 'G.8X', 'Z.2X'])} onChange={({ detail }) => set({ worker: detail.selectedOption.value! })} />
        </FormField>
        <FormField label="Number of workers">
          <Input type="number" value={form.workers} onChange={({ detail }) => set({ workers: detail.value })} />
        </FormField>
        <FormField label="Timeout in minutes">
          <Input type="number" value={form.timeout} onChange={({ detail }) => set({ timeout: detail.value })} />
        </FormField>
        <FormField label="Retries after a failure">
          <Input type="number" value={form.retries} onChange={({ detail }) => set({ retries: detail.value })} />
        </FormField>
        <FormField label="Runs at the same time, at most">
          <Input type="number" value={form.concurrent} onChange={({ detail }) => set({ concurrent: detail.value })} />
        </FormField>
      </ColumnLayout>
      <FormField label="Default arguments" description="A run may override them." stretch>
        <Arguments value={form.defaults} onChange={(defaults) => set({ defaults })} />
      </FormField>
      <ExpandableSection headerText={`Fixed arguments (${form.fixed.length})`}>
        <Arguments value={form.fixed} onChange={(fixed) => set({ fixed })} empty="None: a run may override every argument." />
      </ExpandableSection>
    </SpaceBetween>
  );
}

export function DetailsTab({ job }: { job: Job }) {
  const saved = toForm(job);
  const draft = useDraft<JobForm>(`job ${job.Name}`, saved);
  const [base, setBase] = useState(job.LastModifiedOn);
  const [problem, setProblem] = useState<unknown>();
  const [clash, setClash] = useState(false);
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const notes = useNotes();
  const form = draft.value ?? saved;
  const wrong = [...form.defaults, ...form.fixed].some((each) => argumentProblem(form.defaults, each.name));
  const save = async (over = false) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const now = await readJob(job.Name);
      if (!over && now.LastModifiedOn !== base) {
        setClash(true);
        return;
      }
      await glue('UpdateJob', { JobName: job.Name, JobUpdate: jobUpdate(withForm(now, form)) });
      const after = await readJob(job.Name);
      setBase(after.LastModifiedOn);
      client.setQueryData(['jobs', job.Name], after);
      draft.drop();
      setClash(false);
      notes.say('Saved the job.');
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            <>
              Created <Time at={job.CreatedOn} />, changed <Time at={job.LastModifiedOn} />
            </>
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {draft.dirty ? (
                <Button variant="link" onClick={draft.drop}>
                  Discard changes
                </Button>
              ) : null}
              <Button variant="primary" disabled={!draft.dirty || wrong} loading={busy} onClick={() => void save()}>
                Save
              </Button>
            </SpaceBetween>
          }
        >
          Settings
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Problem error={problem} what="Saving the job" onRetry={() => void save()} />
        {clash ? (
          <Alert
            type="warning"
            header="Somebody else changed this job meanwhile"
            action={
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  onClick={() => {
                    draft.drop();
                    setBase(job.LastModifiedOn);
                    setClash(false);
                    void client.invalidateQueries({ queryKey: ['jobs', job.Name] });
                  }}
                >
                  Take theirs, drop mine
                </Button>
                <Button onClick={() => void save(true)}>Save mine over it</Button>
              </SpaceBetween>
            }
          >
            <Box>What you typed is kept until you choose.</Box>
          </Alert>
        ) : null}
        <JobFields form={form} set={(part) => draft.set({ ...form, ...part })} />
      </SpaceBetween>
    </Container>
  );
}
