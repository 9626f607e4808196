import { describe, expect, test } from 'vitest';
import { add, change, connect, connectProblem, disconnect, entryOf, paste, remove, upTo } from './graph';
import { kindOf, type Nodes } from './kinds';

function pipeline(): Nodes {
  const source = add({}, kindOf('S3CsvSource'));
  const filter = add(source.nodes, kindOf('Filter'), source.id);
  return add(filter.nodes, kindOf('S3DirectTarget'), filter.id).nodes;
}

describe('a graph of nodes', () => {
  test('new nodes are connected and have names and ids of their own', () => {
    const nodes = pipeline();
    expect(Object.keys(nodes)).toEqual(['node-1', 'node-2', 'node-3']);
    expect(entryOf(nodes, 'node-3')!.inputs).toEqual(['node-2']);
    const again = add(nodes, kindOf('Filter'));
    expect(entryOf(again.nodes, again.id)!.name).toBe('Filter rows 2');
  });

  test('what would not be sound is refused with a reason', () => {
    const nodes = pipeline();
    expect(connectProblem(nodes, 'node-3', 'node-2')).toMatch(/target/);
    expect(connectProblem(nodes, 'node-2', 'node-1')).toMatch(/source/);
    const more = add(nodes, kindOf('DropDuplicates'), 'node-2');
    expect(connectProblem(more.nodes, more.id, 'node-2')).toMatch(/circle/);
  });

  test('a single input is replaced, two are the most of a join', () => {
    let { nodes } = add(pipeline(), kindOf('S3JsonSource'));
    nodes = connect(nodes, 'node-4', 'node-2');
    expect(entryOf(nodes, 'node-2')!.inputs).toEqual(['node-4']);
    const join = add(nodes, kindOf('Join'), 'node-1');
    nodes = connect(join.nodes, 'node-4', join.id);
    expect((entryOf(nodes, join.id)!.member.Columns as object[]).length).toBe(2);
    expect(connectProblem(nodes, 'node-2', join.id)).toMatch(/2 inputs/);
    nodes = disconnect(nodes, 'node-1', join.id);
    expect(entryOf(nodes, join.id)!.member.Columns).toEqual([{ From: 'node-4', Keys: [] }]);
  });

  test('removing a node lets go of those behind it', () => {
    const nodes = remove(pipeline(), ['node-2']);
    expect(entryOf(nodes, 'node-3')!.inputs).toEqual([]);
  });

  test('copies keep their own connections', () => {
    const { nodes, ids } = paste(pipeline(), upTo(pipeline(), 'node-2'));
    expect(ids).toEqual(['node-4', 'node-5']);
    expect(entryOf(nodes, 'node-5')!.inputs).toEqual(['node-4']);
  });

  test('emptied settings go, required ones stay empty, inner ones are set', () => {
    let nodes = change(pipeline(), 'node-1', { Escaper: '\\' });
    expect(entryOf(nodes, 'node-1')!.member.Escaper).toBe('\\');
    nodes = change(nodes, 'node-1', { Escaper: '' });
    expect('Escaper' in entryOf(nodes, 'node-1')!.member).toBe(false);
    nodes = change(nodes, 'node-3', { Path: '' });
    expect(entryOf(nodes, 'node-3')!.member.Path).toBe('');
    const drop = add(nodes, kindOf('DropNullFields'), 'node-1');
    nodes = change(drop.nodes, drop.id, { 'NullCheckBoxList.IsEmpty': true });
    expect(entryOf(nodes, drop.id)!.member.NullCheckBoxList).toEqual({ IsEmpty: true, IsNullString: false, IsNegOne: false });
  });
});
