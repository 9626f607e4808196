import { expect, test } from 'vitest';
import { addNode, changeNode, connect, connectProblem, copyNodes, disconnect, fromJob, problemsOf, removeNodes, schemaOf, toNodes, type Graph } from './model';

const claims = [{ name: 'policy_id', type: 'string' }, { name: 'age_of_car', type: 'double' }, { name: 'make', type: 'bigint' }];
const source = () => claims;
const empty: Graph = { nodes: [], places: {} };

function pipeline() {
  let { graph, id } = addNode(empty, 'CatalogSource');
  graph = changeNode(graph, id, { Database: 'insurance', Table: 'claims' });
  const read = id;
  ({ graph, id } = addNode(graph, 'SelectFields', read));
  const select = id;
  graph = changeNode(graph, select, { Paths: [['policy_id'], ['age_of_car']] });
  ({ graph, id } = addNode(graph, 'S3DirectTarget', select));
  return { graph: changeNode(graph, id, { Path: 's3://out/x' }), read, select, write: id };
}

test('a pipeline is what CreateJob takes, and comes back as it was', () => {
  const { graph, read, select, write } = pipeline();
  const nodes = toNodes(graph);
  expect(nodes[read]).toEqual({ CatalogSource: { Name: 'Data catalog table', Database: 'insurance', Table: 'claims' } });
  expect(nodes[write]).toEqual({ S3DirectTarget: { Name: 'S3 files', Inputs: [select], Path: 's3://out/x', Format: 'csv' } });
  expect(toNodes(fromJob({ Name: 'j', CodeGenConfigurationNodes: nodes }))).toEqual(nodes);
});

test('schemas go along', () => {
  const { graph, select, write } = pipeline();
  expect(schemaOf(graph, write, source)).toEqual(claims.slice(0, 2));
  const added = addNode(graph, 'Aggregate', select);
  const set = changeNode(added.graph, added.id, { Groups: [['policy_id']], Aggs: [{ Column: ['age_of_car'], AggFunc: 'avg' }] });
  expect(schemaOf(set, added.id, source)).toEqual([claims[0], { name: 'avg(age_of_car)', type: 'double' }]);
});

test('what is wrong is said on the node', () => {
  const { graph, select, write } = pipeline();
  const input = (id: string) => schemaOf(graph, id, source);
  const node = (of: Graph, id: string) => of.nodes.find((each) => each.id === id)!;
  expect(problemsOf(graph, node(graph, select), input)).toEqual([]);
  const wrong = changeNode(graph, select, { Paths: [['nope']] });
  expect(problemsOf(wrong, node(wrong, select), input)).toEqual(['Its input has no column “nope”.']);
  const cut = disconnect(graph, select, write);
  expect(problemsOf(cut, node(cut, write), input)).toEqual(['Connect its input.']);
});

test('arrows that may not be', () => {
  const { graph, read, select, write } = pipeline();
  expect(connectProblem(graph, write, select)).toMatch(/target gives nothing/);
  expect(connectProblem(graph, select, read)).toMatch(/source takes no input/);
  expect(connectProblem(graph, select, select)).toMatch(/circle/);
  const sql = addNode(graph, 'SparkSQL', read);
  const both = connect(sql.graph, select, sql.id);
  expect(both.nodes.at(-1)!.settings.SqlAliases).toEqual([{ From: read, Alias: 'input' }, { From: select, Alias: 'input2' }]);
  expect(removeNodes(both, [read]).nodes.at(-1)!.settings.SqlAliases).toEqual([{ From: select, Alias: 'input2' }]);
});

test('copies keep arrows among themselves', () => {
  const { graph, select, write } = pipeline();
  const copied = copyNodes(graph, graph.nodes.filter((node) => node.id === select || node.id === write));
  const [first, second] = copied.ids;
  expect(copied.graph.nodes.find((node) => node.id === second)!.settings.Inputs).toEqual([first]);
  expect(copied.graph.nodes.find((node) => node.id === first)!.settings.Inputs).toEqual([]);
});

test('kinds that are not edited stay as they are', () => {
  const nodes = { n1: { SnowflakeSource: { Name: 's', Data: { A: '' } } } };
  expect(toNodes(fromJob({ Name: 'j', CodeGenConfigurationNodes: nodes }))).toEqual(nodes);
});
