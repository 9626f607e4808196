import { lazy, Suspense } from 'react';
import { Spinner } from '@cloudscape-design/components';
import type { Job } from '~/aws/glue';

const VisualEditor = lazy(() => import('~/visual/visual_editor'));

export function VisualTab({ job }: { job: Job }) {
  return (
    <Suspense fallback={<Spinner />}>
      <VisualEditor job={job} />
    </Suspense>
  );
}
