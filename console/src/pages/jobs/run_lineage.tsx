import { Missing } from '~/common/missing';
export default function RunLineage(_: { id: string; live: boolean }) {
  return <Missing what="Lineage of this run" />;
}
