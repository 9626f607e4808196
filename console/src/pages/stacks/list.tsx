import { useQuery } from '@tanstack/react-query';
import { stacks, type Stack } from '~/aws/cloudformation';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

export default function Stacks() {
  const found = useQuery({ queryKey: ['stacks'], queryFn: stacks, refetchInterval: (query) => (query.state.data?.some((each) => each.status.endsWith('IN_PROGRESS')) ? 1000 : every(5000)()) });
  return (
    <Page title="Stacks" description="What was deployed with CloudFormation, the CDK or Terraform’s AWS provider.">
      <ResourceTable<Stack>
        title="Stacks"
        noun="stack"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="name"
        empty="Nothing was deployed yet. Settings has the lines for the CDK."
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={`/stacks/${encodeURIComponent(each.name)}`}>{each.name}</Link>, sortingField: 'name', minWidth: 150 },
          { id: 'status', header: 'State', cell: (each) => <State value={each.status} />, sortingField: 'status', minWidth: 170 },
          { id: 'description', header: 'Description', cell: (each) => each.description || '–', minWidth: 220 },
          { id: 'created', header: 'Created', cell: (each) => <Time at={each.created} />, sortingField: 'created', minWidth: 210 },
          { id: 'updated', header: 'Changed', cell: (each) => <Time at={each.updated} ago />, sortingField: 'updated', minWidth: 100 },
        ]}
      />
    </Page>
  );
}
