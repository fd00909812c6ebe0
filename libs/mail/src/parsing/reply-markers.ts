/** How mail programs introduce the mail that is answered. Each pattern sees one line of at most 400 characters. */
export const ATTRIBUTIONS: readonly RegExp[] = [
  /^On\s.{4,300}\swrote\s?:$/i, // Gmail, Apple Mail, Thunderbird
  /^(?:Am|Den)\s.{4,300}\sschrieb(?:\s.{1,200})?:$/i,
  /^Le\s.{4,300}\sa\sécrit\s?:$/i,
  /^El\s.{4,300}\sescribió\s?:$/i,
  /^Il\s.{4,300}\sha\sscritto\s?:$/i,
  /^Em\s.{4,300}\sescreveu\s?:$/i,
  /^Op\s.{4,300}\s(?:schreef|heeft)(?:\s.{1,200})?:$/i,
  /^(?:Den|På)\s.{4,300}\sskrev(?:\s.{1,200})?:$/i,
  /^.{4,300}\s(?:tarihinde|saatinde)(?:\s.{1,200})?\syazdı\s?:$/i,
  /^(?:W\sdniu|Dnia)\s.{4,300}\snapisał(?:\(a\)|a)?\s?:$/i,
  /^.{4,300}\s(?:пишет|писал|написал(?:а|\(а\))?)\s?:$/i,
  /^.{1,120}<[^<>\s]+@[^<>\s]+>\s(?:wrote|schrieb|a\sécrit|escribió|ha\sscritto|şunu\syazdı|yazdı)\s?:$/i,
];

// The Turkish İ is no upper case of i to a regular expression, whatever its flags.
const ORIGINALS = [
  'original message',
  'original appointment',
  'ursprüngliche nachricht',
  'originalnachricht',
  "message d'origine",
  'message d’origine',
  'mensaje original',
  'özgün [iİ]leti',
  'orijinal mesaj',
  'orijinal [iİ]leti',
  'messaggio originale',
  'mensagem original',
  'oorspronkelijk bericht',
  'ursprungligt meddelande',
  'oprindelig meddelelse',
  'wiadomość oryginalna',
  'исходное сообщение',
];
export const ORIGINAL_MESSAGE = new RegExp(`^[-_]{2,}\\s?(?:${ORIGINALS.join('|')})\\s?[-_]{2,}$`, 'iu');

/** The header block Outlook puts above an answered mail: a sender line, and near it a date and a recipient or subject. */
export const BLOCK_SENDER = /^\*?(?:From|Von|De|Kimden|Gönderen|Da|Van|Från|Fra|Od|От)\s?:\*?\s\S/iu;
export const BLOCK_DATE =
  /^\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado(?: el)?|Fecha|Gönderildi|Gönderme Tarihi|Gönderilme tarihi|Tarih|Inviato|Data|Verzonden|Skickat|Sendt|Wysłano|Отправлено|Дата)\s?:\*?\s\S/iu;
export const BLOCK_OTHER =
  /^\*?(?:To|An|À|A|Para|Kime|Naar|Aan|Till|Til|Do|Кому|Cc|Subject|Betreff|Objet|Asunto|Konu|Oggetto|Assunto|Onderwerp|Ämne|Emne|Temat|Тема)\s?:\*?(?:\s|$)/iu;

/** A forwarded mail is what the sender wants to be read, so nothing below such a line is taken for a quotation. */
export const FORWARDED =
  /^(?:-{2,}\s?(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|yönlendirilmiş [iİ]leti|[iİ]letilen mesaj|messaggio inoltrato)\s?-{2,}|begin forwarded message:)$/iu;

export const SIGNATURE = /^--\s?$/;
export const DEVICE_SIGNATURE =
  /^(?:sent from my .{1,40}|sent from (?:outlook|mail) for .{1,30}|get outlook for .{1,30}|von meinem .{1,40} gesendet|envoyé de mon .{1,40}|enviado desde mi .{1,40}|inviato da(?:l mio)? .{1,40}|.{1,40}['’]?(?:ımdan|imden|umdan|ümden) gönderildi)\.?$/iu;
