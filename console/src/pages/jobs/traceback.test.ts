import { expect, test } from 'vitest';
import { findFailure } from './traceback';

const lines = ['starting', 'Traceback (most recent call last):', '  File "/run/x/claims.py", line 24, in <module>', '    report.nope()', '  File "/lib/pyspark/sql.py", line 900, in __getattr__', "AttributeError: 'DataFrame' has no nope"];

test('the last frame in the script', () => expect(findFailure(lines, 'claims.py', undefined)).toEqual({ line: 24, message: "AttributeError: 'DataFrame' has no nope" }));
test('another file is none', () => expect(findFailure(lines, 'other.py', 'x')).toBeUndefined());
test('no traceback', () => expect(findFailure(['fine'], 'claims.py', undefined)).toBeUndefined());
