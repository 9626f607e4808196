import { Missing } from '~/common/missing';
export default function RunPlan(_: { id: string; live: boolean }) {
  return <Missing what="The query plan" />;
}
