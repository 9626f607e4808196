// The first rows as the engine reads them, of a catalog table or of files that a browser cannot read (Parquet). The server
// computes one source node of a visual job for it, without a run.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Alert, Box, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { AwsError, request } from '~/aws/client';
import { Problem } from '~/common/problem';
import { RoleSelect, useRole } from '~/common/role_select';
import { SheetView } from './sheet';

interface Answer {
  error?: string;
  frames?: { schema: { fields: { name: string }[] }; rows: unknown[][]; more: boolean }[];
}

const cell = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Null when this server has no such preview. */
async function preview(kind: string, settings: object, role: string | undefined): Promise<Answer | null> {
  const response = await request('mastic:preview', '/_mastic/glue/preview?node=source&rows=100', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ CodeGenConfigurationNodes: { source: { [kind]: { Name: 'source', ...settings } } }, GlueVersion: '5.0', ...(role ? { Role: role } : {}) }),
  });
  if (response.status === 404) return null;
  const body = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new AwsError(String(body.code), String(body.message), response.status, 'preview');
  return body as Answer;
}

interface Props {
  kind: string;
  settings: object;
  what: string;
  /** The role that likely may read it. */
  role?: string;
  /** Shown where the engine cannot. */
  otherwise: ReactNode;
}

function Rows({ kind, settings, what, role, otherwise }: Props) {
  const found = useQuery({ queryKey: ['engine-preview', kind, settings, role], queryFn: () => preview(kind, settings, role), staleTime: 30_000, retry: false, refetchOnWindowFocus: false });
  if (found.error) {
    return (
      <>
        <Problem error={found.error} what={`The preview of ${what}`} onRetry={() => void found.refetch()} />
        {otherwise}
      </>
    );
  }
  if (found.data === undefined) {
    return (
      <Box>
        <Spinner /> The engine reads the first rows…
      </Box>
    );
  }
  const frame = found.data?.frames?.[0];
  if (!frame) {
    return (
      <>
        {found.data?.error ? (
          <Alert type="warning" header="The engine cannot read it">
            <span className="message">{found.data.error}</span>
          </Alert>
        ) : null}
        {otherwise}
      </>
    );
  }
  return (
    <>
      <SheetView label={`Rows of ${what}`} sheet={{ columns: frame.schema.fields.map((field) => field.name), rows: frame.rows.map((row) => row.map(cell)), cut: frame.more }} />
      <Box variant="small" padding={{ top: 'xs' }}>
        {frame.more ? `The first ${frame.rows.length} rows` : `${frame.rows.length} rows, all there are`}, as the engine reads them.
      </Box>
    </>
  );
}

export function EnginePreview(props: Props) {
  const choice = useRole(props.role);
  if (choice.needed === undefined) return <Spinner />;
  return (
    <SpaceBetween size="m">
      <RoleSelect choice={choice} why="The engine reads with its rights, as a job would." />
      {choice.needed && !choice.role ? props.otherwise : <Rows {...props} role={choice.needed ? choice.role : undefined} />}
    </SpaceBetween>
  );
}
