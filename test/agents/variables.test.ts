import { describe, expect, it } from 'vitest';
import { fillText, fillVersion, Variables } from '../../lib/agents/variables.ts';
import { aVersion } from './builders.ts';

describe('variables', () => {
  it.each<[template: string, variables: Variables, filled: string]>([
    ['Hi {{who}}, {{who}}!', { who: 'Ada' }, 'Hi Ada, Ada!'],
    ['Hi {{ who }} {{\twho\n}}', { who: 'Ada' }, 'Hi Ada Ada'],
    ['Hi {{who}}', {}, 'Hi {{who}}'],
    ['Hi {{ who }}', { other: 'x' }, 'Hi {{ who }}'],
    ['{{Who}} {{who}}', { who: 'Ada' }, '{{Who}} Ada'],
    ['{{a}}', { a: '$$5 $& $1 $`' }, '$$5 $& $1 $`'],
    ['{{a}}', { a: '"quoted"\n\\n' }, '"quoted"\n\\n'],
    ['{{a}} {{b}}', { a: '{{b}}', b: '{{a}}' }, '{{b}} {{a}}'],
    ['{{a}}{{b}}', { a: '{{', b: 'c}}', c: 'never' }, '{{c}}'],
    ['{{{a}}}', { a: 'x' }, '{x}'],
    ['{{a.b}} {{axb}} {{a(}}', { 'a.b': 1, 'a(': 2 }, '1 {{axb}} 2'],
    ['{{n}} {{t}} {{f}} {{z}}', { n: 4.2, t: true, f: false, z: 0 }, '4.2 true false 0'],
    ['{{empty}}.', { empty: '' }, '.'],
    ['{{constructor}} {{toString}} {{__proto__}}', {}, '{{constructor}} {{toString}} {{__proto__}}'],
    ['{{two words}} {{имя}}', { 'two words': 'yes', имя: 'да' }, 'yes да'],
    ['{a} {{}} {{ }} }} {{', { a: 'x' }, '{a} {{}} {{ }} }} {{'],
  ])('%j with %j is %j', (template, variables, filled) => {
    expect(fillText(template, variables)).toBe(filled);
  });

  it('fill texts of every role and the instructions, and leave the version as it was', () => {
    const image = 'https://example.com/{{x}}.png';
    const version = aVersion({
      instructions: 'Be {{x}}',
      messages: [
        { role: 'system', content: 'S {{x}}' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'U {{x}}' },
            { type: 'image', image },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'A {{x}}' }] },
        { role: 'user', content: 'V {{x}}' },
      ],
    });
    const before = structuredClone(version);

    expect(fillVersion(version, { x: 1 })).toEqual({
      ...before,
      instructions: 'Be 1',
      messages: [
        { role: 'system', content: 'S 1' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'U 1' },
            { type: 'image', image },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'A 1' }] },
        { role: 'user', content: 'V 1' },
      ],
    });
    expect(version).toEqual(before);
  });

  it('take strings, numbers and booleans only', () => {
    expect(Variables.safeParse({ a: 'x', b: 1, c: true }).success).toBe(true);
    for (const value of [null, {}, [], undefined])
      expect(Variables.safeParse({ a: value }).error?.issues[0]?.path).toEqual(['a']);
  });

  it('scan hostile texts in no time', () => {
    const startedAt = performance.now();
    for (const text of ['{'.repeat(100_000), '{{ '.repeat(50_000), `{{${' '.repeat(100_000)}`])
      fillText(text, {});

    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
