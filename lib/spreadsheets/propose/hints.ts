import { plainText } from '../words/plain-text.ts';
import { wordsIn } from '../words/words.ts';

/**
 * What headers say of their columns in some thirty languages, in plain words. A hint alone decides nothing: the
 * values have to look like it.
 */
export type Hint = 'id' | 'phone' | 'postcode' | 'date' | 'money' | 'percent';

const WORDS: Readonly<Record<Hint, string>> = {
  id: 'id ids nr no num number nummer numer numero numeros numeri no numara numarasi kod code codigo codice ref referenz reference referencia matricule matricola matricula sku ean isbn key schlussel nif nipc vat uid kennung kundennummer bestellnummer rechnungsnummer artikelnummer personalnummer cislo szam numaras номер код артикул инн αριθμος κωδικος رقم رمز מספר קוד',
  phone:
    'tel telefon telefono telefone telephone telefoon telefonnummer telefonszam telefoni phone phones mobile mobil movil mobiltelefon handy handynummer portable cell cellphone celular cellulare cep gsm fax puhelin puhelinnumero matkapuhelin gsm тел телефон моб мобильный τηλεφωνο κινητο هاتف الهاتف جوال الجوال موبايل טלפון נייד',
  postcode:
    'plz postleitzahl zip zipcode postcode postalcode postal cap cep postnummer postnr postinumero kod pocztowy psc iranyitoszam codpostal индекс ταχυδρομικος الرمز البريدي מיקוד',
  date: 'date datum data fecha dato tarih tarihi datums datetime day tag jour dia giorno paivamaara pvm dato datums дата ημερομηνια تاريخ التاريخ תאריך geburtstag birthday dob',
  money:
    'price preis einzelpreis gesamtpreis betrag summe umsatz gehalt lohn kosten amount total cost salary wage montant prix salaire cout importe precio coste sueldo prezzo importo costo stipendio preco valor salario prijs bedrag cena kwota tutar fiyat bakiye ucret maas pris belopp belob hinta summa ar osszeg цена сумма стоимость зарплата оклад руб ποσο τιμη مبلغ المبلغ السعر سعر מחיר סכום',
  percent:
    'percent prozent pourcent pourcentage porcentaje percentuale percentagem procent procenat quote rate quota iva mwst tva ust процент',
};

/** Of languages that write without spaces: what a header holds somewhere. */
const PARTS: Readonly<Record<Hint, readonly string[]>> = {
  id: ['编号', '編號', '号码', '番号', '번호', '代码', 'コード', '学号', '单号', '货号', 'เลขที่', 'รหัส'],
  phone: ['电话', '電話', '手机', '携帯', '전화', '휴대', 'โทร'],
  postcode: ['邮编', '郵便番号', '邮政编码', '郵遞區號', '우편번호', 'รหัสไปรษณีย์'],
  date: ['日期', '日付', '时间', '年月日', '날짜', '일자', 'วันที่'],
  money: [
    '金额',
    '金額',
    '价格',
    '價格',
    '単価',
    '单价',
    '价',
    '금액',
    '가격',
    '工资',
    '薪资',
    '給与',
    '料金',
    '余额',
    '残高',
    '给料',
    'ราคา',
    'จำนวนเงิน',
  ],
  percent: ['百分比', '比例', '税率', '割合', '비율'],
};

const HINTS = Object.keys(WORDS) as Hint[];
const wordsOf: ReadonlyMap<string, ReadonlySet<Hint>> = HINTS.reduce((map, hint) => {
  for (const word of WORDS[hint].split(' ')) map.set(word, new Set([...(map.get(word) ?? []), hint]));
  return map;
}, new Map<string, Set<Hint>>());

/** Endings of compound words, as German and its neighbours make them: `Kundennummer`, `Bestelldatum`. */
const ENDINGS: readonly (readonly [RegExp, Hint])[] = [
  [/(nummer|nummern|nr|numer|kod|code|id)$/, 'id'],
  [/(datum|date|tarihi|dato|paiva)$/, 'date'],
  [/(preis|betrag|summe|kosten|gehalt|prijs|bedrag|pris|belopp|price)$/, 'money'],
  [/(telefon|telefoon|phone|mobil)$/, 'phone'],
];

/** Signs that say it without a word. */
const SIGNS: readonly (readonly [RegExp, Hint])[] = [
  [
    /[€$£¥₹₺₽₩₴₫₪]|\b(EUR|USD|GBP|CHF|TL|TRY|PLN|CZK|SEK|NOK|DKK|JPY|CNY|RUB|SAR|AED)\b|ر\.س|zł|Kč|[（(]\s*[元円원]\s*[）)]/i,
    'money',
  ],
  [/[%‰]/, 'percent'],
  [/[#№]|n\.?\s?[º°]/i, 'id'],
];

/** What a header hints at. Shorter words of compounds are taken for hints only where nothing else stands there. */
export function hintsOf(header: string): ReadonlySet<Hint> {
  const hints = new Set<Hint>();
  for (const [sign, hint] of SIGNS) if (sign.test(header)) hints.add(hint);
  const plain = plainText(header);
  for (const hint of HINTS) if (PARTS[hint].some((part) => header.includes(part))) hints.add(hint);
  for (const word of wordsIn(plain)) {
    for (const hint of wordsOf.get(word) ?? []) hints.add(hint);
    for (const [ending, hint] of ENDINGS) if (word.length > 4 && ending.test(word)) hints.add(hint);
  }
  return hints;
}
