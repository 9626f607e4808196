// A column's lineage in words: what it comes from, what came of it, how, and by which run.
import { Box, ColumnLayout, Container, Header } from '@cloudscape-design/components';
import { Time } from '~/common/time';
import { Link } from '~/shell/links';
import { howWords, type ColumnEdge, type End, type Model, type Reach } from './model';

function By({ edge }: { edge: ColumnEdge }) {
  const isCrawler = edge.job.type === 'CRAWLER';
  if (edge.job.name === '') return <>by whoever made the table’s entry</>;
  const name = encodeURIComponent(edge.job.name);
  return (
    <>
      {isCrawler ? 'described by the crawler ' : 'by the job '}
      <Link to={isCrawler ? `/crawlers/${name}` : `/jobs/${name}`}>{edge.job.name}</Link>
      {edge.run ? (
        <>
          {!isCrawler && edge.run.id.startsWith('jr_') ? (
            <>
              , <Link to={`/jobs/${name}/runs/${edge.run.id}`}>its run</Link>
            </>
          ) : null}
          {edge.run.state === 'COMPLETE' ? ' of ' : ` (${edge.run.state.toLowerCase()}) of `}
          <Time at={edge.run.time} />
        </>
      ) : null}
    </>
  );
}

function Side({ title, edges, model, nothing }: { title: string; edges: Set<ColumnEdge>; model: Model; nothing: string }) {
  const text = (end: End) => {
    const dataset = model.datasets.find((each) => each.id === end.dataset)?.text ?? end.dataset;
    return end.column ? `${dataset}#${end.column}` : `${dataset}, every row`;
  };
  return (
    <section aria-label={title}>
      <Box variant="h3">{title}</Box>
      <ul className="rows told">
        {[...edges].map((edge, index) => (
          <li key={index}>
            <div>
              <code className="message">
                {text(edge.from)} → {text(edge.to)}
              </code>
              <div>{howWords(edge)}</div>
              <Box variant="small">
                <By edge={edge} />
              </Box>
            </div>
          </li>
        ))}
        {edges.size === 0 ? <li>{nothing}</li> : null}
      </ul>
    </section>
  );
}

export function Told({ chosen, lit, model }: { chosen: End; lit: Reach; model: Model }) {
  const dataset = model.datasets.find((each) => each.id === chosen.dataset)?.text ?? '';
  return (
    <Container header={<Header variant="h2">{`${chosen.column} of ${dataset}`}</Header>}>
      <ColumnLayout columns={2} borders="vertical">
        <Side title="Comes from" edges={lit.up} model={model} nothing="Nothing that a run is known to have read: it begins here." />
        <Side title="What came of it" edges={lit.down} model={model} nothing="No run is known to have made anything of it." />
      </ColumnLayout>
    </Container>
  );
}
