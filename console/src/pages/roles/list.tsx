import { useQuery } from '@tanstack/react-query';
import { roles, type Role } from '~/aws/iam';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

export default function Roles() {
  const found = useQuery({ queryKey: ['roles'], queryFn: roles, refetchInterval: 10_000 });
  return (
    <Page title="Roles" description="In whose name jobs and crawlers act. Their policies hold when keys are configured.">
      <ResourceTable<Role>
        title="Roles"
        noun="role"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="name"
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={`/roles/${encodeURIComponent(each.name)}`}>{each.name}</Link>, sortingField: 'name', minWidth: 180 },
          { id: 'arn', header: 'ARN', cell: (each) => <code>{each.arn}</code>, minWidth: 420 },
          { id: 'created', header: 'Created', cell: (each) => <Time at={each.created} />, sortingField: 'created', minWidth: 180 },
        ]}
      />
    </Page>
  );
}
