import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, FormField, Input, SpaceBetween } from '@cloudscape-design/components';
import { useNavigate } from 'react-router-dom';
import { glue, workflowNames, type Workflow } from '~/aws/glue';
import { CreateDialog } from '~/common/create_dialog';
import { Confirm } from '~/common/confirm';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';

async function workflows(): Promise<Workflow[]> {
  const names = await workflowNames();
  const found: Workflow[] = [];
  for (let at = 0; at < names.length; at += 25) found.push(...((await glue<{ Workflows?: Workflow[] }>('BatchGetWorkflows', { Names: names.slice(at, at + 25), IncludeGraph: false })).Workflows ?? []));
  return found;
}

export const workflowPath = (name: string) => `/workflows/${encodeURIComponent(name)}`;

function CreateWorkflow({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const navigate = useNavigate();
  const client = useQueryClient();
  const create = async () => {
    await glue('CreateWorkflow', { Name: name, Description: description || undefined });
    void client.invalidateQueries({ queryKey: ['workflows'] });
    void navigate(`${workflowPath(name)}?tab=edit`);
  };
  return (
    <CreateDialog what="workflow" ready={name !== ''} onCreate={create} onClose={onClose}>
      <FormField label="Name">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Description">
        <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
    </CreateDialog>
  );
}

export default function Workflows() {
  const found = useQuery({ queryKey: ['workflows'], queryFn: workflows, refetchInterval: (query) => (query.state.data?.some((each) => each.LastRun?.Status === 'RUNNING') ? 1000 : every(5000)()) });
  const [picked, setPicked] = useState<Workflow[]>([]);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const notes = useNotes();
  const one = picked[0];
  const run = async () => {
    try {
      const { RunId } = await glue<{ RunId: string }>('StartWorkflowRun', { Name: one!.Name });
      void navigate(`${workflowPath(one!.Name)}/runs/${RunId}`);
    } catch (error) {
      notes.fail(error, `Starting ${one!.Name}`);
    }
  };
  return (
    <Page title="Workflows" description="Jobs and crawlers in an order, started by hand or by a schedule.">
      <ResourceTable<Workflow>
        title="Workflows"
        noun="workflow"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="Name"
        selectionType="single"
        selection={picked}
        onSelect={setPicked}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!one} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button disabled={!one} onClick={() => void run()}>
              Run
            </Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create workflow
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={workflowPath(each.Name)}>{each.Name}</Link>, sortingField: 'Name', minWidth: 150 },
          { id: 'state', header: 'Last run', cell: (each) => (each.LastRun ? <Link to={`${workflowPath(each.Name)}/runs/${each.LastRun.WorkflowRunId}`}><State value={each.LastRun.Status} /></Link> : 'never run'), minWidth: 120 },
          { id: 'when', header: 'Started', cell: (each) => <Time at={each.LastRun?.StartedOn} ago />, minWidth: 100 },
          { id: 'steps', header: 'Steps of it', cell: (each) => (each.LastRun?.Statistics ? `${each.LastRun.Statistics.SucceededActions ?? 0} of ${each.LastRun.Statistics.TotalActions ?? 0} succeeded` : '–'), minWidth: 130 },
          { id: 'description', header: 'Description', cell: (each) => each.Description ?? '–' },
        ]}
      />
      {creating ? <CreateWorkflow onClose={() => setCreating(false)} /> : null}
      {deleting && one ? (
        <Confirm
          title={`Delete the workflow ${one.Name}`}
          word={one.Name}
          lost={['Its graph with all its triggers', 'The history of its runs', 'Its jobs and crawlers stay']}
          onDone={() => glue('DeleteWorkflow', { Name: one.Name })}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['workflows'] });
          }}
        />
      ) : null}
    </Page>
  );
}
