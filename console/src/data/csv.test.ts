import { expect, test } from 'vitest';
import { parseCsv, parseJsonRows } from './csv';

test('quotes, doubled quotes, line breaks and other delimiters', () => {
  expect(parseCsv('a,b\r\n"1,2","x ""y"""\n"line\nbreak",3\n')).toEqual({ columns: ['a', 'b'], rows: [['1,2', 'x "y"'], ['line\nbreak', '3']], cut: false });
  expect(parseCsv('a\tb\n1\t2')).toEqual({ columns: ['a', 'b'], rows: [['1', '2']], cut: false });
  expect(parseCsv('a;b\n1;\n').rows).toEqual([['1', '']]);
});

test('the start of a file leaves its broken last row out', () => {
  expect(parseCsv('a,b\n1,2\n3,', { whole: false })).toEqual({ columns: ['a', 'b'], rows: [['1', '2']], cut: true });
});

test('rows longer than the header get columns', () => expect(parseCsv('a\n1,2').columns).toEqual(['a', 'col1']));
test('without a header', () => expect(parseCsv('1,2\n3,4', { header: false })).toEqual({ columns: ['col0', 'col1'], rows: [['1', '2'], ['3', '4']], cut: false }));

test('JSON lines, arrays and what is neither', () => {
  expect(parseJsonRows('{"a":1}\n{"b":{"c":2}}\n', true)).toEqual({ columns: ['a', 'b'], rows: [['1', ''], ['', '{"c":2}']], cut: false });
  expect(parseJsonRows('[{"a":1}]', true)?.rows).toEqual([['1']]);
  expect(parseJsonRows('{"a":1}\n{"a":', false)).toEqual({ columns: ['a'], rows: [['1']], cut: true });
  expect(parseJsonRows('plain', true)).toBeUndefined();
});
