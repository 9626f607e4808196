// What starts the job by itself: its triggers, and a new schedule.
import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Box, Button, Container, FormField, Header, Input, SpaceBetween } from '@cloudscape-design/components';
import { glue, triggers, type Job, type Trigger } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { Problem } from '~/common/problem';
import { State } from '~/common/state';
import { CronBuilder, ScheduleSummary, scheduleProblem } from '~/cron/cron_builder';
import { useNotes } from '~/shell/notes';
import { conditionWords } from '~/workflows/words';

function NewSchedule({ job, onDone }: { job: Job; onDone: () => void }) {
  const [name, setName] = useState(`${job.Name}-schedule`);
  const [schedule, setSchedule] = useState('cron(0 6 * * ? *)');
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await glue('CreateTrigger', { Name: name, Type: 'SCHEDULED', Schedule: schedule, Actions: [{ JobName: job.Name }], StartOnCreation: true });
      onDone();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button variant="primary" loading={busy} disabled={!!scheduleProblem(schedule) || name === ''} onClick={() => void save()}>Add the schedule</Button>}>
          New schedule
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Problem error={problem} what="Adding the schedule" />
        <FormField label="Name of the trigger">
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <CronBuilder value={schedule} onChange={setSchedule} />
      </SpaceBetween>
    </Container>
  );
}

export function ScheduleTab({ job }: { job: Job }) {
  const client = useQueryClient();
  const notes = useNotes();
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<Trigger>();
  const found = useQuery({ queryKey: ['triggers'], queryFn: triggers });
  const mine = (found.data ?? []).filter((trigger) => trigger.Actions?.some((action) => action.JobName === job.Name));
  const again = () => void client.invalidateQueries({ queryKey: ['triggers'] });
  const flip = async (trigger: Trigger) => {
    const on = trigger.State === 'ACTIVATED';
    try {
      await glue(on ? 'StopTrigger' : 'StartTrigger', { Name: trigger.Name });
      again();
    } catch (error) {
      notes.fail(error, `${on ? 'Stopping' : 'Starting'} the trigger ${trigger.Name}`);
    }
  };
  return (
    <SpaceBetween size="l">
      <Problem error={found.error} what="Reading the triggers" onRetry={() => void found.refetch()} />
      {mine.length === 0 && found.data ? <Box color="text-body-secondary">Nothing starts this job by itself.</Box> : null}
      {mine.map((trigger) => (
        <Container
          key={trigger.Name}
          header={
            <Header
              variant="h2"
              description={trigger.WorkflowName ? `In the workflow ${trigger.WorkflowName}` : undefined}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button onClick={() => setDeleting(trigger)}>Delete</Button>
                  {trigger.Type === 'ON_DEMAND' ? null : <Button onClick={() => void flip(trigger)}>{trigger.State === 'ACTIVATED' ? 'Pause' : 'Activate'}</Button>}
                </SpaceBetween>
              }
            >
              {trigger.Name}
            </Header>
          }
        >
          <SpaceBetween size="s">
            <State value={trigger.State} />
            {trigger.Schedule ? <ScheduleSummary text={trigger.Schedule} count={5} /> : <Box>{conditionWords(trigger)}</Box>}
          </SpaceBetween>
        </Container>
      ))}
      {adding ? (
        <NewSchedule
          job={job}
          onDone={() => {
            setAdding(false);
            notes.say('Added the schedule; it is active.');
            again();
          }}
        />
      ) : (
        <Button iconName="add-plus" onClick={() => setAdding(true)}>
          Add a schedule
        </Button>
      )}
      {deleting ? (
        <Confirm
          title={`Delete the trigger ${deleting.Name}`}
          lost={[deleting.Schedule ? `Its schedule ${deleting.Schedule}: ${deleting.Actions?.map((action) => action.JobName ?? action.CrawlerName).join(', ')} will not start by it any more` : 'Its condition and actions']}
          onDone={() => glue('DeleteTrigger', { Name: deleting.Name })}
          onClose={() => {
            setDeleting(undefined);
            again();
          }}
        />
      ) : null}
    </SpaceBetween>
  );
}
