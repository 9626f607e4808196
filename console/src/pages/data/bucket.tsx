// The objects of a bucket, folder by folder; one object with its preview when `key` is in the address.
import { useRef, useState } from 'react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Box, Button, Container, Header, KeyValuePairs, ProgressBar, SpaceBetween } from '@cloudscape-design/components';
import { useParams, useSearchParams } from 'react-router-dom';
import { download, head, list, put, remove, type S3Object } from '~/aws/s3';
import { Confirm } from '~/common/confirm';
import { formatBytes, plural } from '~/common/format';
import { Problem } from '~/common/problem';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { ObjectPreview } from '~/data/object_preview';
import { Link, LinkButton } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';

interface Row {
  id: string;
  name: string;
  folder: boolean;
  object?: S3Object;
}

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);
const toFolder = (bucket: string, prefix: string) => `/s3/${bucket}${prefix ? `?prefix=${encodeURIComponent(prefix)}` : ''}`;
const toObject = (bucket: string, key: string) => `/s3/${bucket}?key=${encodeURIComponent(key)}`;

function crumbsOf(bucket: string, prefix: string) {
  const parts = prefix.split('/').filter(Boolean);
  return [{ text: 'S3 buckets', to: '/s3' }, { text: bucket, to: toFolder(bucket, '') }, ...parts.map((text, index) => ({ text, to: toFolder(bucket, `${parts.slice(0, index + 1).join('/')}/`) }))];
}

function ObjectPage({ bucket, objectKey }: { bucket: string; objectKey: string }) {
  const [deleting, setDeleting] = useState(false);
  const notes = useNotes();
  const facts = useQuery({ queryKey: ['object', bucket, objectKey], queryFn: () => head(bucket, objectKey) });
  const headers = facts.data;
  const uri = `s3://${bucket}/${objectKey}`;
  return (
    <Page
      title={objectKey.split('/').at(-1) || objectKey}
      description={<code className="message">{uri}</code>}
      crumbs={crumbsOf(bucket, folderOf(objectKey))}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigator.clipboard?.writeText(uri).then(() => notes.say('Copied the address.'))}>Copy address</Button>
          <Button onClick={() => setDeleting(true)}>Delete</Button>
          <Button variant="primary" iconName="download" onClick={() => void download(bucket, objectKey).catch((error: unknown) => notes.fail(error, 'The download'))}>
            Download
          </Button>
        </SpaceBetween>
      }
    >
      <Problem error={facts.error} what="Reading the object" onRetry={() => void facts.refetch()} />
      {headers ? (
        <Container header={<Header variant="h2">Object</Header>}>
          <KeyValuePairs
            columns={4}
            items={[
              { label: 'Size', value: formatBytes(Number(headers.get('content-length'))) },
              { label: 'Type', value: headers.get('content-type') ?? '–' },
              { label: 'Modified', value: <Time at={headers.get('last-modified')} /> },
              { label: 'ETag', value: <Box variant="code">{headers.get('etag') ?? '–'}</Box> },
            ]}
          />
        </Container>
      ) : null}
      {headers ? (
        <Container header={<Header variant="h2">Preview</Header>}>
          <ObjectPreview bucket={bucket} objectKey={objectKey} />
        </Container>
      ) : null}
      {deleting ? <Confirm title={`Delete ${objectKey}`} lost={[`The object ${uri}`, 'With versioning on, older versions stay']} onDone={() => remove(bucket, objectKey)} onClose={(done) => (done ? window.history.back() : setDeleting(false))} /> : null}
    </Page>
  );
}

function Folder({ bucket, prefix }: { bucket: string; prefix: string }) {
  const picker = useRef<HTMLInputElement>(null);
  const [uploading, setUploading] = useState<{ done: number; of: number; name: string }>();
  const [problem, setProblem] = useState<unknown>();
  const [picked, setPicked] = useState<Row[]>([]);
  const [deleting, setDeleting] = useState<{ keys: string[] }>();
  const [over, setOver] = useState(false);
  const client = useQueryClient();
  const notes = useNotes();
  const found = useInfiniteQuery({
    queryKey: ['objects', bucket, prefix],
    queryFn: ({ pageParam }) => list(bucket, prefix, { token: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5000,
  });
  const pages = found.data?.pages;
  const rows: Row[] | undefined = pages && [
    ...pages.flatMap((page) => page.folders).map((each) => ({ id: each, name: each.slice(prefix.length), folder: true })),
    ...pages.flatMap((page) => page.objects).filter((each) => each.key !== prefix).map((object) => ({ id: object.key, name: object.key.slice(prefix.length), folder: false, object })),
  ];
  const again = () => void client.invalidateQueries({ queryKey: ['objects', bucket] });
  const upload = async (files: File[]) => {
    setProblem(undefined);
    try {
      for (const [index, file] of files.entries()) {
        setUploading({ done: index, of: files.length, name: file.name });
        await put(bucket, prefix + file.name, file, file.type || undefined);
      }
      notes.say(`Uploaded ${plural(files.length, 'file')}.`);
    } catch (error) {
      setProblem(error);
    } finally {
      setUploading(undefined);
      again();
    }
  };
  const askDelete = async () => {
    const keys: string[] = [];
    try {
      for (const row of picked) {
        if (!row.folder) keys.push(row.id);
        else {
          let token: string | undefined;
          do {
            const page = await list(bucket, row.id, { delimiter: '', token, most: 1000 });
            keys.push(...page.objects.map((each) => each.key));
            token = page.next;
          } while (token && keys.length < 100_000);
        }
      }
      setDeleting({ keys });
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Page title={prefix ? prefix.split('/').at(-2)! : bucket} description={<code className="message">{`s3://${bucket}/${prefix}`}</code>} crumbs={crumbsOf(bucket, prefix).slice(0, -1)} actions={prefix ? <LinkButton to={`/lineage?dataset=${encodeURIComponent(`s3://${bucket}/${prefix.slice(0, -1)}`)}`}>Lineage</LinkButton> : undefined}>
      <Problem error={problem} what="The upload" />
      {uploading ? <ProgressBar value={(100 * uploading.done) / uploading.of} label={`Uploading ${uploading.name}`} /> : null}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => {
          void upload([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void upload([...event.dataTransfer.files]);
        }}
      >
        <ResourceTable<Row>
          title="Objects"
          noun="object"
          items={rows}
          loading={found.isLoading}
          error={found.error}
          onRetry={() => void found.refetch()}
          trackBy="id"
          selection={picked}
          onSelect={setPicked}
          pageSize={50}
          empty="There is nothing here. Drop files on this list, or press Upload."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {found.hasNextPage ? (
                <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                  Load more
                </Button>
              ) : null}
              <Button disabled={picked.length === 0} onClick={() => void askDelete()}>
                Delete
              </Button>
              <Button variant="primary" iconName="upload" onClick={() => picker.current?.click()}>
                Upload
              </Button>
            </SpaceBetween>
          }
          columns={[
            { id: 'name', header: 'Name', isRowHeader: true, cell: (row) => <Link to={row.folder ? toFolder(bucket, row.id) : toObject(bucket, row.id)}>{row.name}</Link>, sortingField: 'name', minWidth: 220 },
            { id: 'size', header: 'Size', cell: (row) => (row.object ? formatBytes(row.object.size) : 'folder'), sortingComparator: (a, b) => (a.object?.size ?? -1) - (b.object?.size ?? -1), minWidth: 90 },
            { id: 'modified', header: 'Modified', cell: (row) => <Time at={row.object?.modified} />, sortingComparator: (a, b) => (a.object?.modified ?? '').localeCompare(b.object?.modified ?? ''), minWidth: 180 },
          ]}
        />
      </div>
      {deleting ? (
        <Confirm
          title={`Delete ${plural(deleting.keys.length, 'object')}`}
          word={deleting.keys.length > 1 ? 'delete' : undefined}
          lost={[...deleting.keys.slice(0, 8), ...(deleting.keys.length > 8 ? [`and ${plural(deleting.keys.length - 8, 'other')}`] : [])]}
          onDone={async () => {
            for (const key of deleting.keys) await remove(bucket, key);
          }}
          onClose={() => {
            setDeleting(undefined);
            setPicked([]);
            again();
          }}
        />
      ) : null}
    </Page>
  );
}

export default function BucketPage() {
  const { bucket = '' } = useParams();
  const [search] = useSearchParams();
  const key = search.get('key');
  const prefix = search.get('prefix') ?? '';
  return key ? <ObjectPage key={key} bucket={bucket} objectKey={key} /> : <Folder key={prefix} bucket={bucket} prefix={prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`} />;
}
