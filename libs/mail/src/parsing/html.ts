import { lazily } from '@app/kernel';
import type * as HtmlToText from 'html-to-text';
import type sanitizeHtml from 'sanitize-html';
import { cleanText } from './text.js';

const sanitiser = lazily(import.meta.url, (load) => load('sanitize-html') as typeof sanitizeHtml);
const converter = lazily(import.meta.url, (load) => load('html-to-text') as typeof HtmlToText);

/** The sanitiser and the converter are quadratic in the depth of open tags: 100,000 of them took eight seconds. */
const MAX_OPEN_TAGS = 2_000;
/** And take a few microseconds for each tag, and each bracket that looks like one. In a million characters, which is the most, no letter has so many: tables neither. */
const MAX_TAGS = 50_000;
const END_OF_LINE = /<(?:br|\/(?:p|div|tr|li|h[1-6]|blockquote|pre|table|ul|ol))\b[^<>]*>/gi;
const MAX_STYLE_CHARACTERS = 1_000;
const VOID_TAGS = new Set(['area', 'base', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);
const TAG = /<(\/?)([a-z][^\s/>]*)?/gi;

const LAYOUT =
  'div span p br hr center blockquote pre code h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col';
const WORDS =
  'thead tbody tfoot tr th td a b strong i em u s strike del ins small big sub sup font tt abbr address cite img';
const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]{3,30}|rgba?\([\d.,%\s]{1,40}\))$/i;

const REMOTE = /^\s*https?:\/\//i;
const CARRIED = /^(?:cid:|data:image\/(?:png|jpe?g|gif|webp);base64,)/i;

const SAFE_HTML: sanitizeHtml.IOptions = {
  allowedTags: `${LAYOUT} ${WORDS}`.split(' '),
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'align'],
    a: ['href', 'title', 'rel', 'target'],
    img: ['src', 'alt', 'width', 'height', 'data-remote-src'],
    font: ['color', 'size'],
    ol: ['start', 'type'],
    td: ['colspan', 'rowspan', 'valign', 'width'],
    th: ['colspan', 'rowspan', 'valign', 'width'],
    table: ['border', 'cellpadding', 'cellspacing', 'width'],
  },
  allowedStyles: {
    '*': {
      color: [COLOUR],
      'background-color': [COLOUR],
      'font-weight': [/^(?:bold|normal|\d{3})$/],
      'font-style': [/^(?:italic|normal)$/],
      'text-decoration': [/^(?:underline|line-through|none)$/],
      'text-align': [/^(?:left|right|center|justify)$/],
    },
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid', 'data'] },
  allowedSchemesAppliedToAttributes: ['href', 'src', 'cite'],
  allowProtocolRelative: false,
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'template',
    'svg',
    'math',
    'xmp',
    'iframe',
    'noembed',
    'noframes',
  ],
  transformTags: {
    a: (tagName, attribs) => ({
      tagName,
      attribs: { ...attribs, rel: 'noopener noreferrer nofollow', target: '_blank' },
    }),
    img: (tagName, attribs) => ({ tagName, attribs: withoutTracking(attribs) }),
    '*': (tagName, attribs) => ({ tagName, attribs: withoutLongStyle(attribs) }),
  },
};

/** HTML of a mail, read. */
export type MailHtml = {
  /** As it may be shown: no script, no form, no remote load. Null when its tags are beyond reason. */
  readonly html: string | null;
  /** Its words, quotations marked with `> ` as in plain mails. */
  text(): string;
  readonly defect: 'html_too_deep' | 'html_too_many_tags' | undefined;
};

export function readMailHtml(source: string): MailHtml {
  const defect = defectOf(source);
  if (defect) return { html: null, text: () => withoutTags(source), defect };
  return { html: cleanText(sanitiser()(source, SAFE_HTML)).trim(), text: () => toText(source), defect };
}

function toText(html: string): string {
  const text = converter().convert(html, {
    wordwrap: false,
    limits: { maxDepth: MAX_OPEN_TAGS },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      ...['style', 'script', 'title', 'template', 'noscript'].map((selector) => ({ selector, format: 'skip' })),
    ],
  });
  return cleanText(text).trim();
}

const withoutTags = (html: string): string =>
  cleanText(
    html
      .replace(END_OF_LINE, '\n')
      .replace(/<[^<>]*>/g, ' ')
      .replace(/[ \t]+/g, ' '),
  ).trim();

/** A remote picture tells its owner that the mail was read: the address is kept, the load is not. */
function withoutTracking(attribs: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  const { 'data-remote-src': _forged, ...own } = attribs;
  if (CARRIED.test(own['src'] ?? '')) return own;
  const { src = '', ...others } = own;
  return REMOTE.test(src) ? { ...others, 'data-remote-src': src } : others;
}

function withoutLongStyle(attribs: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  return (attribs['style']?.length ?? 0) > MAX_STYLE_CHARACTERS ? { ...attribs, style: '' } : attribs;
}

/** Counts open tags per name, so that closing tags of another name cannot hide how many are open. */
function defectOf(html: string): MailHtml['defect'] {
  const open = new Map<string, number>();
  let depth = 0;
  let tags = 0;
  for (const [, slash, rawName = ''] of html.matchAll(TAG)) {
    if (++tags > MAX_TAGS) return 'html_too_many_tags';
    const name = rawName.toLowerCase();
    if (!name || VOID_TAGS.has(name)) continue;
    const count = open.get(name) ?? 0;
    if (slash && count === 0) continue;
    open.set(name, count + (slash ? -1 : 1));
    depth += slash ? -1 : 1;
    if (depth > MAX_OPEN_TAGS) return 'html_too_deep';
  }
  return undefined;
}
