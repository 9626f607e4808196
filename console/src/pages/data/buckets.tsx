import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, FormField, Input, SpaceBetween } from '@cloudscape-design/components';
import { buckets, createBucket, deleteBucket } from '~/aws/s3';
import { CreateDialog } from '~/common/create_dialog';
import { Confirm } from '~/common/confirm';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

type Bucket = { name: string; created: string };

function CreateBucket({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const client = useQueryClient();
  const fits = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  const create = async () => {
    await createBucket(name);
    void client.invalidateQueries({ queryKey: ['buckets'] });
    onClose();
  };
  return (
    <CreateDialog what="bucket" ready={fits} onCreate={create} onClose={onClose}>
      <FormField label="Name" errorText={name !== '' && !fits ? '3 to 63 lower-case letters, digits, dots and hyphens.' : undefined}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </CreateDialog>
  );
}

export default function Buckets() {
  const found = useQuery({ queryKey: ['buckets'], queryFn: buckets, refetchInterval: 10_000 });
  const [picked, setPicked] = useState<Bucket[]>([]);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  return (
    <Page title="S3 buckets" description="Objects that jobs read and write.">
      <ResourceTable<Bucket>
        title="Buckets"
        noun="bucket"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="name"
        selectionType="single"
        selection={picked}
        onSelect={setPicked}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!picked[0]} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create bucket
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={`/s3/${each.name}`}>{each.name}</Link>, sortingField: 'name', minWidth: 200 },
          { id: 'created', header: 'Created', cell: (each) => <Time at={each.created} />, sortingField: 'created', minWidth: 180 },
        ]}
      />
      {creating ? <CreateBucket onClose={() => setCreating(false)} /> : null}
      {deleting ? (
        <Confirm
          title={`Delete the bucket ${picked[0]!.name}`}
          word={picked[0]!.name}
          lost={['The bucket and its settings', 'It must be empty: delete its objects first']}
          onDone={() => deleteBucket(picked[0]!.name)}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['buckets'] });
          }}
        />
      ) : null}
    </Page>
  );
}
