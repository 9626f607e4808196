import { Missing } from '~/common/missing';
export default function RunResources(_: { id: string; live: boolean }) {
  return <Missing what="Memory and CPU" />;
}
