import { describe, expect, it } from 'vitest';
import { lostIn } from '../../../lib/apis/operation/strict-json.ts';

describe('lostIn', () => {
  it.each([
    '1e999',
    '-1e999',
    '{"a": [1, {"b": 1e309}]}',
    '123456789012345678901234567890e300',
    '1e-999',
    '0.00001e-400',
    '9007199254740993',
    '-9007199254740993',
    '[9007199254740994]',
    '18446744073709551615',
    `1${'0'.repeat(100_000)}`,
    '{"__proto__": 1}',
    '{"a": {"__proto__" : {}}}',
    '{"\\u005f_proto_\\u005F": 1}',
    '{"a": "\\"", "__proto__"\n:1}',
    '9007199254740993.0',
    '{"a": 1, "a": 1}',
    '{"a": 1, "b": {"a": 2}, "\\u0061" : 3}',
    '[{"a": [1, {"c": 2, "c": 3}]}]',
    '{"": 1, "": 2}',
    `{"${'x'.repeat(100)}": 1, "${'x'.repeat(100)}": 2}`,
    '"\\ud83d"',
    '["\\uDE00\\uD83D"]',
    '{"a\\ud800": 1}',
    '{"a": "\\ud83d \\ude00"}',
  ])('%s would be changed', (json) => {
    expect(lostIn(json)).toMatch(/^(The number .{1,41} |The member ".{0,41}" |A member |A text |JSON )/);
  });

  it.each([
    'null',
    // How deep it goes is asked where bodies are read.
    `${'['.repeat(201)}${']'.repeat(201)}`,
    '0',
    '-0',
    '0e99999',
    '0.0',
    '1e308',
    '1.5e-300',
    '3.141592653589793',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740992',
    '1e22',
    '"1e999"',
    '{"a": "9007199254740993", "b": "say \\"1e999\\" \\\\"}',
    '["__proto__"]',
    '{"a": "__proto__"}',
    '{"a__proto__": 1, "constructor": 2, "prototype": 3, "_": 4}',
    '{"phone-1e999": true}',
    '[{"a": 1}, {"a": 2}, {"b": {"a": 3}, "a": "a"}]',
    '{"a": ["a", "a"], "A": "a"}',
    '"\\ud83d\\ude00 \\\\ud83d 😀"',
    `{"${'x'.repeat(1_000_000)}": 1}`,
  ])('%.60s is read as it is', (json) => {
    expect(JSON.parse(json)).toBeDefined();
    expect(lostIn(json)).toBeUndefined();
  });

  it.each([
    ['objects in objects', '{"a":'.repeat(100_000)],
    ['objects beside each other', '{"a":1},'.repeat(100_000)],
    ['members', Array.from({ length: 100_000 }, (_, no) => `"m${no}":0`).join(',')],
    ['quotes', '"\\""'.repeat(200_000)],
    ['halves', '"\\ud83d\\ude00"'.repeat(60_000)],
    ['spaces', `"a"${' '.repeat(1_000_000)}`],
  ])('reads a megabyte of %s at once', (_, json) => {
    const startedAt = performance.now();
    expect(lostIn(`[{${json}`)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
