// Run with arguments: the job's own are shown, what is changed goes with this run only.
import { useState } from 'react';
import { Box, Button, FormField, Input, Modal, SpaceBetween } from '@cloudscape-design/components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { glue, type Job, type Text } from '~/aws/glue';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { Arguments, toArguments, toMap, type Argument } from './arguments';
import { runPath } from './strip';

export async function startRun(JobName: string, Arguments: Text, Timeout?: number): Promise<string> {
  return (await glue<{ JobRunId: string }>('StartJobRun', { JobName, ...(Object.keys(Arguments).length > 0 ? { Arguments } : {}), ...(Timeout ? { Timeout } : {}) })).JobRunId;
}

export function RunDialog({ job, initial, onClose }: { job: Job; initial?: Text; onClose: () => void }) {
  const start = toArguments({ ...job.DefaultArguments, ...initial });
  const draft = useDraft<Argument[]>(`run ${job.Name}`, start);
  const [timeout, setTimeout] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const navigate = useNavigate();
  const client = useQueryClient();
  const list = draft.value ?? start;
  const run = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const changed = Object.fromEntries(Object.entries(toMap(list)).filter(([name, value]) => job.DefaultArguments?.[name] !== value));
      const id = await startRun(job.Name, changed, Number(timeout) || undefined);
      draft.drop();
      void client.invalidateQueries({ queryKey: ['runs'] });
      onClose();
      void navigate(runPath({ JobName: job.Name, Id: id }));
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size="large"
      header={`Run ${job.Name}`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {draft.dirty ? (
              <Button variant="link" onClick={draft.drop}>
                Back to the defaults
              </Button>
            ) : null}
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" loading={busy} onClick={() => void run()}>
              Run
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Problem error={problem} what="Starting the run" />
        <FormField label="Arguments" description="What differs from the job’s defaults goes with this run only." stretch>
          <Arguments value={list} onChange={draft.set} />
        </FormField>
        {Object.keys(job.NonOverridableArguments ?? {}).length > 0 ? <Box variant="small">Fixed by the job: {Object.entries(job.NonOverridableArguments!).map(([name, value]) => `${name} ${value}`).join(', ')}</Box> : null}
        <FormField label="Timeout of this run, in minutes" description={`The job’s own: ${job.Timeout ?? 'none'}.`}>
          <Input type="number" inputMode="numeric" value={timeout} placeholder={String(job.Timeout ?? '')} onChange={({ detail }) => setTimeout(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
