/** What headers in Chinese and Japanese often say, with a name for it. */
const ENTRIES = [
  '日期 date|时间 time|時間 time|日付 date|날짜 date|姓名 name|氏名 name|名称 name|名稱 name|名前 name',
  '编号 number|編號 number|番号 number|单号 number|单位 unit|單位 unit|単位 unit|数量 quantity',
  '數量 quantity|单价 unit_price|單價 unit_price|単価 unit_price|金额 amount|金額 amount',
  '价格 price|價格 price|価格 price|总价 total_price|电话 phone|電話 phone|手机 mobile|手機 mobile',
  '邮箱 email|电子邮件 email|メール email|メールアドレス email|地址 address|住所 address|邮编 postcode',
  '郵便番号 postcode|部门 department|部署 department|职位 position|工资 salary|薪资 salary',
  '备注 remark|備考 remark|备考 remark|状态 status|狀態 status|状態 status|结果 result|結果 result',
  '项目 item|項目 item|检测 test|样本 sample|采样 sampling|样品 sample|参考 reference|范围 range',
  '是否 is|异常 abnormal|复核人 reviewer|负责人 person_in_charge|客户 customer|客戶 customer',
  '顧客 customer|公司 company|会社 company|供应商 supplier|产品 product|商品 product|产品名称 product',
  '品名 product|规格 specification|型号 model|类别 category|分类 category|カテゴリ category',
  '库存 stock|庫存 stock|在庫 stock|仓库 warehouse|倉庫 warehouse|位置 location|城市 city',
  '省份 province|国家 country|性别 gender|性別 gender|年龄 age|年齢 age|生日 birthday|出生 birth',
  '入职 hire|学号 student_number|工号 staff_number|班级 class|成绩 score|分数 score|科目 subject',
  '课程 course|教师 teacher|老师 teacher|教室 room|星期 weekday|曜日 weekday|订单 order|注文 order',
  '发票 invoice|請求 invoice|税率 tax_rate|税额 tax|合计 total|合計 total|余额 balance|残高 balance',
  '摘要 description|说明 description|描述 description|支付 payment|已付 paid|付款 payment',
  '联系 contact|開始 start|开始 start|结束 end|終了 end|序号 row_number|代码 code|编码 code|コード code',
  '评分 rating|満足度 satisfaction|满意度 satisfaction|建议 suggestion|意见 comment|社員 employee',
  '员工 employee|給与 salary|在籍 enrolled|会員 member|会员 member|学生 student|费用 cost|費用 cost',
  '请假 leave|银行 bank|账号 account|帐号 account|交易 transaction|借方 debit|贷方 credit',
  '收入 income|支出 expense|问题 question|回答 answer',
];

// The longest part of a header says most.
const GLOSSARY: readonly (readonly [string, string])[] = ENTRIES.flatMap((entries) => entries.split('|'))
  .map((entry): readonly [string, string] => {
    const [sign = '', word = ''] = entry.split(' ');
    return [sign, word];
  })
  .toSorted((a, b) => b[0].length - a[0].length);

/** The header with the words that are known in English, and the others as they stand. */
export function glossed(header: string): string {
  let rest = header.normalize('NFKC');
  for (const [sign, word] of GLOSSARY) rest = rest.replaceAll(sign, ` ${word} `);
  return rest;
}
