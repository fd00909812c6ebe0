const LONGEST = 8_192;

// Each repetition is bounded: an unbounded one before its anchor takes quadratic time on a hostile line.
const TRIGGER = /[@+=:\u007f-\u009f\u2028-\u202e\u2066-\u2069]|eyJ|bearer|basic|whsec_|\d{4}/i;
const UNPRINTABLE = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?/g;
const SCHEME = /\b([Bb]earer|[Bb]asic|BEARER|BASIC)\s+(?=[\w.~+/-]*[\dA-Z=])[\w.~+/-]{8,}=*/g;
const WEBHOOK_SECRET = /\bwhsec_[\w+/-]+=*/g;
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]{0,256}@/gi;
const ASSIGNMENT =
  /\b([\w-]{0,40}(?:password|passwd|secret|token|api[-_]?key|otp|cookie)["']?\s{0,3}[=:]\s{0,3}["']?)([^\s"'&,;}]+)/gi;
const CARD = /(?<![\w-])[2-6]\d{3}(?:[ -]?\d){10,15}(?![\w-])/g;
const EMAIL = /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b/gi;
const PHONE = /(?<![\w+])\+\d(?:[\s().-]{0,2}\d){6,14}(?!\w)/g;

/**
 * A text that may be logged: credentials and card numbers are taken out, e-mail addresses and E.164 phone numbers too
 * when `masksContacts`, and what JSON leaves bare although a terminal obeys it (C1 controls, bidi overrides) is encoded.
 */
export function redactText(given: string, masksContacts: boolean): string {
  const text = given.length > LONGEST ? `${given.slice(0, LONGEST)}… (${given.length} characters)` : given;
  if (!TRIGGER.test(text)) return text;
  const safe = text
    .replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(JSON_WEB_TOKEN, '[token]')
    .replace(SCHEME, '$1 [redacted]')
    .replace(WEBHOOK_SECRET, '[secret]')
    .replace(URL_CREDENTIALS, '$1[redacted]@')
    .replace(ASSIGNMENT, '$1[redacted]')
    .replace(CARD, (digits) => (passesLuhn(digits) ? '[card]' : digits));
  return masksContacts ? safe.replace(EMAIL, '[email]').replace(PHONE, '[phone]') : safe;
}

/** ISO/IEC 7812-1: what tells a card number from any other long number, nine times in ten. */
function passesLuhn(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const weighed = index % 2 === 0 ? digit : digit * 2;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
}
