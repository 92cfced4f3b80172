/** What follows `Content-Disposition:`, and the name that is meant. */
export const SENT_NAMES: readonly (readonly [header: string, name: string])[] = [
  // .NET, PowerShell, RestSharp
  [
    ` form-data; name="file"; filename="=?utf-8?B?csOpc3Vtw6kuY3N2?="; filename*=utf-8''r%C3%A9sum%C3%A9.csv`,
    'résumé.csv',
  ],
  [
    ` form-data; name=file; filename="=?utf-8?B?csOpc3Vtw6kgMi5jc3Y=?="; filename*=utf-8''r%C3%A9sum%C3%A9%202.csv`,
    'résumé 2.csv',
  ],
  [` form-data; name="file"; filename="fallback1.csv"; filename*=UTF-8''d%C3%A9j%C3%A0.csv`, 'déjà.csv'],
  [` form-data; name="file"; filename*=UTF-8''d%C3%A9j%C3%A02.csv; filename="fallback2.csv"`, 'déjà2.csv'],
  [` form-data; name=file; filename=fallback3.csv; filename*=utf-8''plain3.csv`, 'plain3.csv'],
  [` form-data; name="file"; filename*=UTF-8''r%C3%A9sum%C3%A9%20%F0%9F%8E%89.csv`, 'résumé 🎉.csv'],
  [` form-data; name="file"; filename*=ISO-8859-1''caf%E9.csv`, 'café.csv'],
  [` form-data; name="file"; filename*=utf-8'en'caf%C3%A92.csv`, 'café2.csv'],
  [` form-data; name="file"; FileName="x.csv"; FILENAME*="UTF-8''quoted%C3%A9.csv"`, 'quotedé.csv'],
  [` form-data; name="file"; filename="good.csv"; filename*=utf-8''%C3.csv`, 'good.csv'],
  [` form-data; name="file"; filename="good2.csv"; filename*=utf-8''%zz.csv`, 'good2.csv'],
  [` form-data; name="file"; filename="good3.csv"; filename*=no-such''a.csv`, 'good3.csv'],
  [` form-data; name="file"; filename*=utf-8''..%2F..%2Fup.csv`, 'up.csv'],
  [` form-data; name="file"; filename*=utf-8''C%3A%5Cdir%5Cwin2.csv`, 'win2.csv'],
  [` form-data; name="file"; filename*=utf-8''a%0D%0Ab.csv`, 'ab.csv'],
  [` form-data; name="file"; filename*=UTF-8''c%2522d.csv`, 'c%22d.csv'],
  // whoever encodes with encodeURIComponent alone, which leaves apostrophes as they are
  [` form-data; name="file"; filename*=UTF-8''it's%20d%C3%A9j%C3%A0.csv`, "it's déjà.csv"],
  [` form-data; name="file"; filename*="UTF-8''o'clock.csv"`, "o'clock.csv"],
  // a name that is none
  [` form-data; name="file"; filename="good6.csv"; filename*=utf-8''`, 'good6.csv'],
  [` form-data; name="file"; filename="good7.csv"; filename*=utf-8''folder%2F`, 'good7.csv'],
  [` form-data; name="file"; filename="good8.csv"; filename*0*=utf-8''; filename*1*=%2E%2E`, 'good8.csv'],
  // mail programs
  [
    ` form-data; name="file"; filename*0*=utf-8''r%C3%A9sum; filename*1*=%C3%A9; filename*2="1.csv"`,
    'résumé1.csv',
  ],
  [` form-data; name=file; filename*1="7.csv"; filename*0*=UTF-8'en'd%C3%A9j%C3%A0`, 'déjà7.csv'],
  [` form-data; name=file; filename="old.csv"; filename*0*=utf-8''a%C3; filename*1*=%A93.csv`, 'aé3.csv'],
  [` form-data; name=file; filename*0*=iso-8859-1''caf%E9; filename*1=" 100%25.csv"`, 'café 100%25.csv'],
  [
    ` form-data; name=file; filename*0="a long "; filename*1="name.csv"; filename*3="none"`,
    'a long name.csv',
  ],
  [` form-data; name=file; filename*0=plain; filename*1*=%C3%A94.csv`, 'plainé4.csv'],
  [` form-data; name=file; filename*0*=utf-8''b5.csv; filename*=utf-8''a5.csv`, 'a5.csv'],
  [` form-data; name=file; filename="good4.csv"; filename*0*=utf-8''%C3; filename*1=x.csv`, 'good4.csv'],
  [` form-data; name=file; filename="good5.csv"; filename*1*=utf-8''b.csv`, 'good5.csv'],
  [` form-data; name=file; filename*0="../../"; filename*1="up6.csv"`, 'up6.csv'],
  // encoded words
  [` form-data; name="file"; filename="=?utf-8?B?w6k3LmNzdg==?="`, 'é7.csv'],
  [` form-data; name="file"; filename="=?UTF-8?Q?caf=C3=A9_8.csv?="`, 'café 8.csv'],
  [` form-data; name="file"; filename="=?iso-8859-1?q?caf=E99.csv?="`, 'café9.csv'],
  [` form-data; name="file"; filename="=?utf-8*en?b?w6kxMC5jc3Y?="`, 'é10.csv'],
  [` form-data; name="file"; filename="=?utf-8?B?w6kx?= =?utf-8?B?MS5jc3Y=?="`, 'é11.csv'],
  [` form-data; name="file"; filename="=?utf-8?B?YcM=?= =?utf-8?B?qTEyLmNzdg==?="`, 'aé12.csv'],
  [` form-data; name="file"; filename==?utf-8?B?w6kxMy5jc3Y=?=`, 'é13.csv'],
  [` form-data; name="file"; filename="=?what?.csv"`, '=?what?.csv'],
  [` form-data; name="file"; filename="=?utf-8?B?!!?=.csv"`, '=?utf-8?B?!!?=.csv'],
  // browsers
  [` form-data; name="file"; filename="a%22b.csv"`, 'a"b.csv'],
  [` form-data; name="file"; filename="a%0D%0Ac.csv"`, 'ac.csv'],
  [` form-data; name="file"; filename="a\\"c.csv"`, 'a"c.csv'],
  [` form-data; name="file"; filename="100%25 of %41.csv"`, '100%25 of %41.csv'],
  [` form-data; name="file"; filename="résumé 日本 🎉.csv"`, 'résumé 日本 🎉.csv'],
  [` form-data; name="file"; filename=unquoted.csv`, 'unquoted.csv'],
  [` form-data; name="file"; filename="semi;colon.csv"`, 'semi;colon.csv'],
  [` form-data; name="file"; filename="a; filename*=utf-8''b.csv"`, `a; filename*=utf-8''b.csv`],
  [` form-data; name="file"; filename="C:\\\\dir\\\\win.csv"`, 'win.csv'],
  [` form-data; name="file"; filename="C:\\new\\table.csv"`, 'table.csv'],
  [`form-data;name=file;filename=lc.csv`, 'lc.csv'],
  [`FORM-DATA ; NAME = "file" ; FILENAME = "spaced.csv"`, 'spaced.csv'],
  [` form-data; name="file";\r\n filename="folded.csv"`, 'folded.csv'],
];

/** A form of one file, written by hand, with what else goes before it. */
export function formOf(header: string, content: Uint8Array | string, fields: Record<string, string> = {}) {
  const before = Object.entries(fields).map(
    ([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `${before.join('')}--X\r\ncontent-disposition:${header}\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return {
    body: Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from('\r\n--X--\r\n')]),
    headers: { 'content-type': 'multipart/form-data; boundary=X' },
  };
}
