/**
 * What DOS wrote, and consoles of Windows and old business programs still do: no `TextDecoder` reads it, so it can
 * only be told of. Characters from byte 128 on (Unicode, "MAPPINGS/VENDORS/MICSFT/PC").
 */
export const DOS_PAGES: Readonly<Record<string, string>> = {
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
};

const ASCII_END = 128;

/** The text as this page reads it. */
export function dosText(sample: Uint8Array, page: string): string {
  return Array.from(sample, (byte) =>
    byte < ASCII_END ? String.fromCharCode(byte) : (page[byte - ASCII_END] ?? ''),
  ).join('');
}
