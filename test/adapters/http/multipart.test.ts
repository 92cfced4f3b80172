import { describe, expect, it } from 'vitest';
import { formParts } from '../../../lib/adapters/http/form-parts.ts';
import { headerValue } from '../../../lib/adapters/http/header-parameters.ts';
import { parseForm } from '../../../lib/adapters/http/multipart.ts';
import { partNames } from '../../../lib/adapters/http/part-names.ts';
import { cleanName } from '../../../lib/apis/files/file-names.ts';
import { formOf, SENT_NAMES } from '../../support/file-names.ts';

const parse = (body: Buffer, type = 'multipart/form-data; boundary=X') =>
  parseForm({
    method: 'POST',
    path: '/',
    address: '',
    requestId: 'r',
    header: (name) => (name === 'content-type' ? type : undefined),
    pathParameters: {},
    query: {},
    body,
  });
const statusOf = (work: Promise<unknown>) =>
  work.then(
    () => 'read',
    (error) => error.refusal.category,
  );

describe('the name of a file in a form', () => {
  it.each(SENT_NAMES)('%s is %s', async (header, name) => {
    const { files } = await parse(formOf(header, 'a,b').body);

    expect(
      files.map(({ field, filename, bytes }) => [field, cleanName(filename, ''), String(bytes)]),
    ).toEqual([['file', name, 'a,b']]);
  });

  it('may be in one byte a character, as before UTF-8', async () => {
    const body = Buffer.from(
      formOf(' form-data; name=file; filename="café.csv"', 'x').body.toString(),
      'latin1',
    );

    expect((await parse(body)).files[0]?.filename).toBe('café.csv');
  });

  it.each([
    "filename*=utf-8''%C3.csv",
    'filename*=no-such',
    'filename*1=b.csv',
    "filename*0*=utf-8''%zz",
    'filename=""',
  ])('may not be readable, and it is a file all the same: %s', async (name) => {
    const { files, fields } = await parse(formOf(` form-data; name="file"; ${name}`, 'a,b').body);

    expect(files).toMatchObject([{ field: 'file', filename: undefined }]);
    expect(fields).toEqual({});
  });

  it.each(['form-data; filename=a', 'attachment; name=file; filename=a', 'form-data', ''])(
    'is not in %j',
    (header) => {
      expect(partNames(header)).toBeUndefined();
    },
  );

  it('with a line break of half a kind is nobody’s', async () => {
    for (const end of ['\r', '\n']) {
      const { files } = await parse(formOf(` form-data; name="file"; filename="a${end}X-Evil: 1"`, 'x').body);

      expect(files).toEqual([]);
    }
  });

  it('is read in no time, however it is written', () => {
    const started = performance.now();
    for (const text of ['\\', '\\"', ' ', '=', ';', '"', '=?', '=?a?b?', "'", '%', 'a=b;', 'a="']) {
      headerValue(`form-data; name="${text.repeat(16_000)}`);
      partNames(`form-data; name=file; filename*=utf-8''${text.repeat(16_000)}`);
      partNames(`form-data; name=file; filename="${text.repeat(16_000)}"`);
    }
    partNames(
      `form-data; name=file${Array.from({ length: 50_000 }, (_, no) => `; filename*${no}*=%41`).join('')}`,
    );

    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('the parts of a form', () => {
  const parts = (text: string) =>
    [...formParts(Buffer.from(text), 'X')].map(({ content }) => String(content));
  const head = 'A: b\r\n\r\n';

  it.each([
    [`--X\r\n${head}one\r\n--X--`, ['one']],
    [`preamble\r\n--X\r\n${head}one\r\n--X \t\r\n${head}\r\n--X--epilogue`, ['one', '']],
    [`--X\r\n${head}\r\n\r\n--X--`, ['\r\n']],
    [`--X\r\n${head}x\n--X\r\n--Xtra\r\n--X--\r\n`, ['x\n--X\r\n--Xtra']],
    [`--X\r\n\r\nno headers\r\n--X\r\n--X\r\n${head}two\r\n--X--`, ['two']],
    ['--X--', []],
  ])('of %j', (text, contents) => {
    expect(parts(text)).toEqual(contents);
  });

  it.each([
    '',
    'nothing',
    '--X',
    `--X\r\n${head}half`,
    `--X\r\n${head}half\r\n--X`,
    `--X\r\n${head}half\r\n--`,
    '--Y\r\n\r\n--Y--',
  ])('are refused when they do not end: %j', async (text) => {
    expect(await statusOf(parse(Buffer.from(text)))).toBe('bad_request');
  });

  it('are refused without a boundary, or with one that is too long, or when there are too many', async () => {
    const one = '--X\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n';

    expect(await statusOf(parse(Buffer.from(''), 'multipart/form-data'))).toBe('bad_request');
    expect(await statusOf(parse(Buffer.from(''), `multipart/form-data; boundary=${'b'.repeat(71)}`))).toBe(
      'bad_request',
    );
    expect(await statusOf(parse(Buffer.from(`${one.repeat(20)}--X--`)))).toBe('read');
    expect(await statusOf(parse(Buffer.from(`${one.repeat(21)}--X--`)))).toBe('bad_request');
    expect(await statusOf(parse(Buffer.from('{}'), 'application/json'))).toBe('invalid');
  });

  it('are counted when they are for nobody, and are read in no time however many there seem to be', async () => {
    const started = performance.now();

    expect(await statusOf(parse(Buffer.from(`${'--X\r\n'.repeat(2_000_000)}--X--`)))).toBe('bad_request');
    expect(parts(`--X\r\n${head}${'\r\n--Xx'.repeat(1_000_000)}\r\n--X--`)).toHaveLength(1);

    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('that are fields are text, and may be of any name', async () => {
    const { body } = formOf(' form-data; name=file; filename=a', 'x', {
      __proto__x: '1',
      metadata: '{"é":1}',
    });

    expect((await parse(body)).fields).toEqual({ __proto__x: '1', metadata: '{"é":1}' });
  });
});
