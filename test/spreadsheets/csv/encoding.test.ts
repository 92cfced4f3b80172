import { describe, expect, it } from 'vitest';
import { planCsv } from '../../../lib/spreadsheets/read/csv/csv-reader.ts';
import { decoding } from '../../../lib/spreadsheets/read/csv/decoding.ts';
import { detectEncoding } from '../../../lib/spreadsheets/read/csv/encoding.ts';
import { encode } from '../support/encode.ts';
import { processed, rowsOf } from '../support/process.ts';

const TEXTS: [string, string, string[]][] = [
  [
    'German',
    'Name;Ort;Straße\nMüller;Köln;Hauptstraße 5\nJäger;Nürnberg;Am Graben\n',
    ['windows-1252', 'macintosh'],
  ],
  ['French', 'Prénom,Ville\nHélène,Besançon\nFrançois,Orléans\nZoé,Nîmes\n', ['windows-1252', 'macintosh']],
  ['Spanish', 'Nombre,Ciudad\nMuñoz,Málaga\nÁngel,León\n¿Qué?,Sí\n', ['windows-1252', 'macintosh']],
  ['Italian', 'Nome;Città\nNicolò;Forlì\nGiosuè;Cefalù\n', ['windows-1252', 'macintosh']],
  ['Danish', 'Navn;By\nSøren;Århus\nÆgir;Ålborg\nJørgen;Rødovre\n', ['windows-1252', 'macintosh']],
  ['Portuguese', 'Nome;Cidade\nJoão;São Paulo\nConceição;Brasília\n', ['windows-1252']],
  ['signs alone', 'Item;Price\nTea;€ 5\nCoffee – black;€ 3\n“Best”;€ 1\n', ['windows-1252', 'macintosh']],
  ['Polish', 'Imię;Miasto\nŁukasz;Łódź\nMałgorzata;Gdańsk\nJózef;Kraków\n', ['windows-1250', 'iso-8859-2']],
  ['Czech', 'Jméno;Město\nJiří;Plzeň\nŽofie;Děčín\nŠárka;Budějovice\n', ['windows-1250', 'iso-8859-2']],
  ['Hungarian', 'Név;Város\nGyőző;Győr\nErzsébet;Székesfehérvár\n', ['windows-1250']],
  ['Turkish', 'Ad;Şehir\nÇağrı;İstanbul\nGökçe;Muğla\nIşık;Eskişehir\n', ['windows-1254']],
  ['Lithuanian', 'Vardas;Miestas\nJūratė;Šiauliai\nŽydrūnas;Kėdainiai\n', ['windows-1257']],
  ['Greek', 'Όνομα;Πόλη\nΓιώργος;Αθήνα\nΕλένη;Θεσσαλονίκη\n', ['windows-1253', 'iso-8859-7']],
  [
    'Russian',
    'Имя;Город\nАлексей;Москва\nНаталья;Казань\n',
    ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866', 'x-mac-cyrillic'],
  ],
  ['Hebrew', 'שם;עיר\nדוד;ירושלים\nשרה;חיפה\n', ['windows-1255']],
  ['Arabic', 'الاسم;المدينة\nمحمد;القاهرة\nفاطمة;بغداد\n', ['windows-1256', 'iso-8859-6']],
  ['Thai', 'ชื่อ,เมือง\nสมชาย,กรุงเทพ\nสมหญิง,เชียงใหม่\n', ['windows-874']],
  [
    'Japanese',
    '名前,住所\n山田太郎,東京都千代田区\n鈴木花子,大阪府\nさとう,ほっかいどう\n',
    ['shift_jis', 'euc-jp'],
  ],
  ['Chinese', '姓名,城市\n王小明,北京市\n李华,上海市浦东新区\n', ['gbk']],
  ['Traditional Chinese', '姓名,城市\n王小明,臺北市\n李華,高雄市\n', ['big5']],
  ['Korean', '이름,도시\n김철수,서울특별시\n이영희,부산\n', ['euc-kr']],
];

const CASES = TEXTS.flatMap(([language, text, encodings]) =>
  ['utf-8', 'utf-16le', 'utf-16be', ...encodings].map((encoding): [string, string, string] => [
    language,
    encoding,
    text,
  ]),
);

const readAs = async (bytes: Uint8Array): Promise<string> => {
  const { encoding, markBytes } = await detectEncoding(bytes);
  return decoding(encoding).next(bytes.subarray(markBytes), true);
};

describe('the encoding of a text', () => {
  it.each(CASES)('%s in %s is read', async (_, encoding, text) => {
    expect(await readAs(encode(text, encoding))).toBe(text);
  });

  it.each(CASES.filter(([, encoding]) => !encoding.startsWith('utf-16')))(
    '%s in %s, a few letters among much ASCII',
    async (_, encoding, text) => {
      const much = `id;remark\n${'1;plain\n'.repeat(40_000)}${text}`;

      expect(await readAs(encode(much, encoding))).toBe(much);
    },
  );

  it('is told by a mark, which is no text', async () => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be']) {
      expect(await readAs(encode('\uFEFFa,b\n', encoding))).toBe('a,b\n');
    }
  });

  it('is UTF-8 although a few bytes are damaged, and the run says how many', async () => {
    const good = Buffer.from('Name,Ort\nMüller,Köln\nJäger,Nürnberg\nGroß,Füssen\n');
    const bytes = Buffer.concat([good, Buffer.from([0x41, 0xff, 0x2c, 0x42, 0x0a])]);

    expect((await rowsOf('a.csv', bytes)).at(-1)).toEqual([4, ['A\ufffd', 'B']]);
    expect((await planCsv(bytes)).encoding).toBe('utf-8');
  });

  it('is windows-1252 where too little is there to tell', async () => {
    expect(await readAs(encode('Name\nJosé\n', 'windows-1252'))).toBe('Name\nJosé\n');
    expect(await readAs(Buffer.from([0x61, 0xff, 0x2c, 0x62]))).toBe('aÿ,b');
  });

  it('may be told; what it cannot read is refused, and so is one that nobody knows', async () => {
    await expect(planCsv(Buffer.from('a\n'), { encoding: 'klingon' })).rejects.toThrow(
      /"klingon" is not known/,
    );
    const told = await planCsv(encode('Ž', 'windows-1250'), { encoding: 'cp1250' });
    expect(told).toMatchObject({ encoding: 'windows-1250', confidence: { encoding: 1 } });
  });

  it('says so where two are likely', async () => {
    const plan = await planCsv(encode('Name;Ort\nЖук;Ёж\n', 'koi8-r'));

    expect(plan.confidence.encoding).toBeLessThan(0.5);
  });

  it.each([
    ['cp850', 'Pr\x82nom;Ville\r\nAndr\x82;Besan\x87on\r\nZo\x89;N\x8cmes\r\nH\x82l\x8ane;Orl\x82ans\r\n'],
    ['cp852', 'Imi\xa9;Miasto\r\n\x9dukasz;\x9d\xa2d\xab\r\n\xbdaneta;Gda\xe4sk\r\n'],
  ])('says so where it is likely that of DOS, %s, which nobody reads', async (other, text) => {
    const { findings } = await planCsv(Buffer.from(text, 'latin1'));

    expect(findings).toMatchObject([
      { code: 'ambiguous_encoding', message: expect.stringContaining('UTF-8'), meta: { other } },
    ]);
  });

  it.each(CASES)('%s in %s is not taken for that of DOS', async (_, encoding, text) => {
    expect((await detectEncoding(encode(text, encoding))).runnerUp ?? '').not.toMatch(/^cp/);
  });

  it('does not stop a run', async () => {
    const { output } = await processed('a.csv', encode('Email;Stadt\na@x.com;Köln\n', 'windows-1252'));

    expect(output[0]?.rows.map((row) => row.slice(0, 2))).toEqual([
      ['email', 'Stadt'],
      ['a@x.com', 'Köln'],
    ]);
  });
});

describe('a short text of windows-1252 with one sign or letter beyond ASCII', () => {
  const ABOVE: Readonly<Record<string, number>> = {
    '€': 0x80,
    '…': 0x85,
    '’': 0x92,
    '“': 0x93,
    '”': 0x94,
    '–': 0x96,
  };
  const bytesOf = (text: string): Buffer =>
    Buffer.from([...text].map((character) => ABOVE[character] ?? character.charCodeAt(0)));

  it.each([
    '20 °C',
    '5 µg',
    '10 m²',
    '±5',
    'Nº',
    '10×20',
    '£5',
    '5 €',
    'it’s',
    '“hi”',
    '2010–2012',
    'wait…',
    '«Bonjour»',
    '¿Qué?',
    'ÄRZTE',
    'FRANÇAIS',
    'Café',
    'Müller',
  ])('is read as written: %s', async (value) => {
    const rows = await rowsOf('a.csv', bytesOf(`id;value\n1;${value}\n2;none\n`));

    expect(rows[1]?.[1]).toEqual(['1', value]);
  });
});
