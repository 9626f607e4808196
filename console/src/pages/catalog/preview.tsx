// The first rows of a table's data, read where the table says that they are.
import { useQuery } from '@tanstack/react-query';
import { Box, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { columnsOf, describe, dynamodb, show, type Page as ItemPage } from '~/aws/dynamodb';
import { crawler as readCrawler, type Table } from '~/aws/glue';
import { list, splitUri } from '~/aws/s3';
import { Missing } from '~/common/missing';
import { Problem } from '~/common/problem';
import { EnginePreview } from '~/data/engine_preview';
import { ObjectPreview } from '~/data/object_preview';
import { SheetView } from '~/data/sheet';
import { Link } from '~/shell/links';

async function firstItems(name: string) {
  const table = await describe(name);
  const page = await dynamodb<ItemPage>('Scan', { TableName: name, Limit: 100 });
  const columns = columnsOf(table, page.Items ?? []);
  return { columns, rows: (page.Items ?? []).map((item) => columns.map((column) => show(item[column]))), cut: page.LastEvaluatedKey !== undefined };
}

function Items({ name }: { name: string }) {
  const found = useQuery({ queryKey: ['first-items', name], queryFn: () => firstItems(name) });
  if (found.error) return <Problem error={found.error} what="Reading items" onRetry={() => void found.refetch()} />;
  if (!found.data) return <Spinner />;
  return (
    <SpaceBetween size="xs">
      <Box variant="small">
        The first {found.data.rows.length} items of the DynamoDB table <Link to={`/dynamodb/${encodeURIComponent(name)}`}>{name}</Link>.
      </Box>
      <SheetView sheet={found.data} label={`Items of ${name}`} />
    </SpaceBetween>
  );
}

function Objects({ uri }: { uri: string }) {
  const place = splitUri(uri)!;
  const found = useQuery({ queryKey: ['first-object', uri], queryFn: async () => (await list(place.bucket, place.key, { delimiter: '', most: 200 })).objects.find((each) => each.size > 0 && !/(^|\/)[_.]/.test(each.key)) ?? null });
  if (found.error) return <Problem error={found.error} what="Listing its files" onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Spinner />;
  if (found.data === null) return <Box color="text-body-secondary">There is no file below {uri} yet.</Box>;
  return (
    <SpaceBetween size="xs">
      <Box variant="small">
        From its first file, <Link to={`/s3/${place.bucket}?key=${encodeURIComponent(found.data.key)}`}>{found.data.key}</Link>.
      </Box>
      <ObjectPreview bucket={place.bucket} objectKey={found.data.key} />
    </SpaceBetween>
  );
}

function Raw({ table }: { table: Table }) {
  const location = table.StorageDescriptor?.Location ?? '';
  if (table.Parameters?.classification === 'dynamodb') return <Items name={location.split(/[/:]/).at(-1) || table.Name} />;
  if (splitUri(location)) return <Objects uri={location} />;
  return <Missing what="A preview">Tables at “{location || 'no location'}” are read by jobs only.</Missing>;
}

/** The role of the crawler that made the table may read what it describes. */
export function useCrawlerRole(table: Table): string | undefined {
  const crawler = table.Parameters?.UPDATED_BY_CRAWLER;
  return useQuery({ queryKey: ['crawler', crawler], queryFn: () => readCrawler(crawler!), enabled: crawler !== undefined, retry: false, staleTime: 60_000 }).data?.Role;
}

/** As the engine reads the table; where that cannot be, the raw items or the first file. */
export function TablePreview({ table }: { table: Table }) {
  const role = useCrawlerRole(table);
  return <EnginePreview kind="CatalogSource" settings={{ Database: table.DatabaseName, Table: table.Name }} what={table.Name} role={role} otherwise={<Raw table={table} />} />;
}
