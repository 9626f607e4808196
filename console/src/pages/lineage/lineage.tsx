import { Missing } from '~/common/missing';
import { Page } from '~/shell/page';
export default function Lineage() { return <Page title="Lineage"><Missing what="Lineage" /></Page>; }
