import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, Container, Header, KeyValuePairs, SpaceBetween, Spinner, Tabs } from '@cloudscape-design/components';
import { useParams, useSearchParams } from 'react-router-dom';
import { callQuery } from '~/aws/client';
import { events, resourcePath, resources, stack as readStack, template, type StackEvent, type StackResource } from '~/aws/cloudformation';
import { Confirm } from '~/common/confirm';
import { Problem } from '~/common/problem';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { Editor } from '~/editor/editor';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

function Template({ name }: { name: string }) {
  const found = useQuery({ queryKey: ['stack', name, 'template'], queryFn: () => template(name) });
  if (found.error) return <Problem error={found.error} what="Reading the template" onRetry={() => void found.refetch()} />;
  return found.data === undefined ? <Spinner /> : <Editor language={found.data.startsWith('{') ? 'json' : 'yaml'} label="Template" value={found.data} />;
}

export default function StackPage() {
  const { name = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const found = useQuery({ queryKey: ['stack', name], queryFn: () => readStack(name), refetchInterval: (query) => (query.state.data?.status.endsWith('IN_PROGRESS') ? 700 : every(10_000)()) });
  const stack = found.data;
  const inside = useQuery({ queryKey: ['stack', name, 'resources', stack?.status], queryFn: () => resources(name), enabled: !!stack, refetchInterval: stack?.status.endsWith('IN_PROGRESS') ? 1000 : false });
  const happened = useQuery({ queryKey: ['stack', name, 'events', stack?.status], queryFn: () => events(name), enabled: !!stack, refetchInterval: stack?.status.endsWith('IN_PROGRESS') ? 1000 : false });
  const failure = happened.data?.find((event) => event.status.endsWith('FAILED') && event.reason !== '' && !event.reason.includes('cancelled'));
  return (
    <Page
      title={name}
      description={stack?.description}
      crumbs={[{ text: 'Stacks', to: '/stacks' }]}
      actions={
        <Button disabled={!stack || !inside.data} onClick={() => setDeleting(true)}>
          Delete
        </Button>
      }
    >
      <Problem error={found.error} what={`Reading the stack ${name}`} onRetry={() => void found.refetch()} />
      {!stack && !found.error ? <Spinner size="large" /> : null}
      {stack ? (
        <SpaceBetween size="l">
          {failure && /ROLLBACK|FAILED/.test(stack.status) ? (
            <Alert type="error" header={`${failure.logical} (${failure.type}) failed first`}>
              {failure.reason}
            </Alert>
          ) : null}
          <Container header={<Header variant="h2">Stack</Header>}>
            <KeyValuePairs
              columns={3}
              items={[
                { label: 'State', value: <State value={stack.status} /> },
                { label: 'Created', value: <Time at={stack.created} /> },
                { label: 'Changed', value: <Time at={stack.updated} /> },
              ]}
            />
          </Container>
          <Tabs
            activeTabId={search.get('tab') ?? 'resources'}
            onChange={({ detail }) => setSearch({ tab: detail.activeTabId }, { replace: true })}
            tabs={[
              {
                id: 'resources',
                label: 'Resources',
                content: (
                  <ResourceTable<StackResource>
                    title="Resources"
                    noun="resource"
                    items={inside.data}
                    loading={inside.isLoading}
                    error={inside.error}
                    trackBy="logical"
                    pageSize={50}
                    columns={[
                      { id: 'logical', header: 'In the template', isRowHeader: true, cell: (each) => each.logical, sortingField: 'logical', minWidth: 140 },
                      { id: 'type', header: 'Type', cell: (each) => each.type, sortingField: 'type', minWidth: 150 },
                      { id: 'physical', header: 'Is', cell: (each) => { const to = resourcePath(each.type, each.physical); return to ? <Link to={to}>{each.physical}</Link> : each.physical || '–'; }, minWidth: 160 },
                      { id: 'status', header: 'State', cell: (each) => <State value={each.status} />, minWidth: 140 },
                    ]}
                  />
                ),
              },
              {
                id: 'events',
                label: 'Events',
                content: (
                  <ResourceTable<StackEvent>
                    title="Events"
                    noun="event"
                    items={happened.data}
                    loading={happened.isLoading}
                    error={happened.error}
                    trackBy="id"
                    pageSize={50}
                    columns={[
                      { id: 'at', header: 'When', isRowHeader: true, cell: (each) => <Time at={each.at} />, minWidth: 180 },
                      { id: 'logical', header: 'Resource', cell: (each) => each.logical, sortingField: 'logical', minWidth: 130 },
                      { id: 'status', header: 'State', cell: (each) => <State value={each.status} />, minWidth: 150 },
                      { id: 'reason', header: 'Reason', cell: (each) => each.reason || '–', minWidth: 160 },
                    ]}
                  />
                ),
              },
              {
                id: 'outputs',
                label: 'Outputs',
                content:
                  stack.outputs.length === 0 ? (
                    <Box color="text-body-secondary">It has no outputs.</Box>
                  ) : (
                    <KeyValuePairs
                      columns={2}
                      items={stack.outputs.map((output) => {
                        const resource = inside.data?.find((each) => each.physical === output.value && resourcePath(each.type, each.physical));
                        return { label: output.description ? `${output.key}: ${output.description}` : output.key, value: resource ? <Link to={resourcePath(resource.type, resource.physical)!}>{output.value}</Link> : <span className="message">{output.value}</span> };
                      })}
                    />
                  ),
              },
              { id: 'parameters', label: 'Parameters', content: stack.parameters.length === 0 ? <Box color="text-body-secondary">It has no parameters.</Box> : <KeyValuePairs columns={2} items={stack.parameters.map((each) => ({ label: each.key, value: each.value }))} /> },
              { id: 'template', label: 'Template', content: <Template name={name} /> },
            ]}
          />
        </SpaceBetween>
      ) : null}
      {deleting ? (
        <Confirm
          title={`Delete the stack ${name}`}
          word={name}
          lost={[...(inside.data ?? []).slice(0, 12).map((each) => `${each.type} ${each.physical}`), ...((inside.data?.length ?? 0) > 12 ? [`and ${inside.data!.length - 12} other resources`] : []), 'Resources with the policy Retain stay']}
          onDone={() => callQuery('cloudformation', 'DeleteStack', { StackName: name })}
          onClose={() => {
            setDeleting(false);
            void client.invalidateQueries({ queryKey: ['stack', name] });
            void client.invalidateQueries({ queryKey: ['stacks'] });
          }}
        />
      ) : null}
    </Page>
  );
}
