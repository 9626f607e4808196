import type { Job } from '~/aws/glue';
export default function VisualEditor({ job }: { job: Job }) {
  return <pre>{JSON.stringify(job.CodeGenConfigurationNodes ?? {}, null, 2)}</pre>;
}
