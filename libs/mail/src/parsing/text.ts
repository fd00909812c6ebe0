const LONE_SURROGATE = /\p{Surrogate}/gu;
const LINE_CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Characters that reorder or hide text: harmless in prose, deceptive in file names and identifiers (Trojan Source). */
export const DECEPTIVE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

// Bytes 0x80 to 0x9f of windows-1252, which Node since 20.18.3 decodes as Latin-1 controls (nodejs/node#56542). The five
// that are not assigned stay as they are.
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const C1 = /[\u0080-\u009f]/g;

/** Text that PostgreSQL takes: no U+0000, no lone surrogates, LF line ends. Everything else stays. */
export function cleanText(value: string): string {
  const text = value.includes('\r') ? value.replace(/\r\n?/g, '\n') : value;
  return withoutC1(text).replaceAll('\u0000', '').replace(LONE_SURROGATE, '\ufffd');
}

/** One line of at most `max` characters: runs of control characters, line ends among them, become one space. */
export function cleanLine(value: string, max = 1_000): string {
  return clip(withoutC1(value).replace(LINE_CONTROLS, ' ').trim(), max).replace(LONE_SURROGATE, '\ufffd');
}

function withoutC1(value: string): string {
  return value.replace(C1, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80));
}

/** The first `max` UTF-16 units, never half of a surrogate pair. */
export function clip(value: string, max: number): string {
  if (value.length <= max) return value;
  const last = value.charCodeAt(max - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}
