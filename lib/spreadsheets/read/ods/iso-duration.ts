const DURATION = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;

/** Milliseconds of a length of time such as `PT36H05M00.5S`; null for what is none, or counts in months. */
export function durationOfIso(text: string): number | null {
  const match = DURATION.exec(text.trim());
  if (match === null || /[PT]$/.test(text.trim())) return null;
  const [, minus, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60;
  const ms = Math.round((whole + Number(seconds.replace(',', '.'))) * 1000);
  return minus === undefined ? ms : -ms;
}
