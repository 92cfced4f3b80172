const ADDRESS = /^https:/;
const DATA_URL = /^data:[^,]*,/;

/** Whether the text of a message's picture is an address that can be called, or base64 that can be read. */
export const isPictureText = (image: string): boolean =>
  ADDRESS.test(image) ? URL.canParse(image) : isBase64(image.replace(DATA_URL, ''));

/** As `atob` has it: padding may be missing, but not be wrong. Asked of texts with no other characters. */
function isBase64(text: string): boolean {
  const padding = text.length - text.replace(/=+$/, '').length;
  return (text.length - padding) % 4 !== 1 && padding <= 2 && (padding === 0 || text.length % 4 === 0);
}
