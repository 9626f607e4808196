// What is in an object: a table for CSV and JSON, text for text, a word for the rest.
import { useQuery } from '@tanstack/react-query';
import { Alert, Box, Spinner } from '@cloudscape-design/components';
import { Problem } from '~/common/problem';
import { formatBytes, plural } from '~/common/format';
import { readStart } from '~/aws/s3';
import { parseCsv, parseJsonRows, type Sheet } from './csv';
import { EnginePreview } from './engine_preview';
import { SheetView } from './sheet';

const most = 1024 * 1024;

export type Preview = { kind: 'sheet'; sheet: Sheet; total: number } | { kind: 'text'; text: string; total: number; cut: boolean } | { kind: 'binary'; total: number; what: string } | { kind: 'empty' };

export function previewOf(key: string, type: string, bytes: ArrayBuffer, total: number): Preview {
  if (total === 0) return { kind: 'empty' };
  const view = new Uint8Array(bytes);
  const magic = String.fromCharCode(...view.slice(0, 4));
  if (magic === 'PAR1') return { kind: 'binary', total, what: 'Parquet' };
  if (magic.startsWith('\x1f\x8b')) return { kind: 'binary', total, what: 'gzip' };
  if (magic.startsWith('Obj\x01')) return { kind: 'binary', total, what: 'Avro' };
  if (magic.startsWith('ORC')) return { kind: 'binary', total, what: 'ORC' };
  if (view.subarray(0, 4096).includes(0)) return { kind: 'binary', total, what: type || 'binary data' };
  const whole = view.length >= total;
  const text = new TextDecoder().decode(bytes);
  const name = key.toLowerCase();
  if (name.endsWith('.json') || name.endsWith('.jsonl') || type.includes('json')) {
    const sheet = parseJsonRows(text, whole);
    if (sheet) return { kind: 'sheet', sheet, total };
  }
  const first = text.slice(0, 2000);
  const looksDelimited = /\.(csv|tsv)$/.test(name) || type.includes('csv') || (/part-\d+/.test(name) && first.split('\n').length > 1 && /[,\t;|]/.test(first.split('\n')[0]!));
  if (looksDelimited) return { kind: 'sheet', sheet: parseCsv(text, { whole }), total };
  return { kind: 'text', text, total, cut: !whole };
}

export function ObjectPreview({ bucket, objectKey }: { bucket: string; objectKey: string }) {
  const found = useQuery({
    queryKey: ['object-preview', bucket, objectKey],
    queryFn: async () => {
      const start = await readStart(bucket, objectKey, most);
      return previewOf(objectKey, start.type, start.bytes, start.total);
    },
    staleTime: 60_000,
  });
  if (found.isError) return <Problem error={found.error} what="Reading the object" onRetry={() => void found.refetch()} />;
  const preview = found.data;
  if (!preview) return <Spinner />;
  if (preview.kind === 'empty') return <Box color="text-body-secondary">The object is empty.</Box>;
  if (preview.kind === 'binary') {
    const alone = (
      <Alert type="info" header={`No preview of ${preview.what}`}>
        {formatBytes(preview.total)} of {preview.what}. Download it, or read it in a job.
      </Alert>
    );
    if (preview.what !== 'Parquet') return alone;
    return <EnginePreview kind="S3ParquetSource" settings={{ Paths: [`s3://${bucket}/${objectKey}`] }} what={objectKey} otherwise={alone} />;
  }
  if (preview.kind === 'text') {
    return (
      <>
        <pre className="text-preview" tabIndex={0}>
          {preview.text.slice(0, 200_000)}
        </pre>
        {preview.cut ? <Box variant="small">The first {formatBytes(most)} of {formatBytes(preview.total)}.</Box> : null}
      </>
    );
  }
  return (
    <>
      <SheetView sheet={preview.sheet} label={`Rows of ${objectKey}`} />
      <Box variant="small" padding={{ top: 'xs' }}>
        {preview.sheet.cut ? `The first ${plural(preview.sheet.rows.length, 'row')} of ${formatBytes(preview.total)}.` : `${plural(preview.sheet.rows.length, 'row')}, ${plural(preview.sheet.columns.length, 'column')}, ${formatBytes(preview.total)}.`}
      </Box>
    </>
  );
}
