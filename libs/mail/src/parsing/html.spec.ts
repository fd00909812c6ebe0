import { describe, expect, it } from 'vitest';
import { readMailHtml } from './html.js';

const PAYLOADS = [
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" &#14; javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="//evil.example">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<object data="x.swf"></object><embed src="x.swf">',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css"</style>',
  '<div style="background-image:url(javascript:alert(1))">x</div>',
  '<div style="color:expression(alert(1))">x</div>',
  '<div style="color:red;position:fixed;top:0">x</div>',
  '<form action="https://evil.example"><button formaction="javascript:alert(1)">x</button></form>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror="alert(1)"></video>',
  '<template><script>alert(1)</script></template>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
  '<p data-remote-src="javascript:alert(1)" id="location" name="x" class="y">x</p>',
  '<img data-remote-src="javascript:alert(1)" src="ftp://x">',
  '<<script>script>alert(1)<</script>/script>',
  '<scr\u0000ipt>alert(1)</scr\u0000ipt>',
  '<img src="cid:a" srcset="https://spy.example/a 1x">',
];
const HARMLESS = new Set('a img b p div span table td tr style'.split(' '));
const ATTRIBUTES = new Set(['href', 'rel', 'target', 'src', 'style', 'title', 'data-remote-src']);

/** Every tag of the output, read as a browser would tokenise well-formed markup. */
function tagsOf(html: string): { name: string; attributes: [string, string][] }[] {
  return [...html.matchAll(/<\/?([^\s/>]+)((?:\s+[^\s=>]+="[^"]*")*)\s*\/?>/g)].map(([, name = '', rest = '']) => ({
    name,
    attributes: [...rest.matchAll(/([^\s=]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  }));
}

describe('Mail HTML', () => {
  it.each(PAYLOADS)('is inert: %s', (payload) => {
    const html = readMailHtml(payload).html ?? '';
    const tags = tagsOf(html);
    expect((html.match(/</g) ?? []).length).toBe(tags.length);
    expect(tags.map(({ name }) => name).filter((name) => !HARMLESS.has(name))).toEqual([]);
    const attributes = tags.flatMap((tag) => tag.attributes);
    expect(attributes.filter(([name]) => !ATTRIBUTES.has(name))).toEqual([]);
    expect(attributes.filter(([name, value]) => name === 'href' && !/^(?:https?|mailto|tel):/.test(value))).toEqual([]);
    expect(attributes.filter(([name, value]) => name === 'src' && !/^(?:cid:|data:image\/)/.test(value))).toEqual([]);
    expect(attributes.filter(([name, value]) => name === 'style' && value !== 'color:red')).toEqual([]);
    expect(attributes.filter(([name, value]) => name === 'data-remote-src' && !value.startsWith('http'))).toEqual([]);
  });

  it.each(PAYLOADS)('stays as it is when sanitised again: %s', (payload) => {
    const once = readMailHtml(payload).html ?? '';
    expect(readMailHtml(once).html).toBe(once);
  });

  it('keeps what a letter needs', () => {
    const letter =
      '<p style="color:red">Dear <b>Ann</b>,<br /><img src="cid:logo" alt="logo" /></p><table border="1"><tr><td colspan="2">1</td></tr></table>';
    expect(readMailHtml(letter).html).toBe(letter);
  });

  it('becomes text with quotation marks, links and no markup', () => {
    const html =
      '<style>p{}</style><p>Hi <a href="https://example.org">site</a></p><blockquote>old<br>words</blockquote><img alt="x" src="cid:a">';
    expect(readMailHtml(html).text()).toBe('Hi site [https://example.org]\n\n> old\n> words');
  });

  it('is text alone, by lines, where it has more tags than any letter', () => {
    const letter = `<p>Dear Ann,</p>${'<i>x</i>'.repeat(25_001)}<br>Yours`;
    const { html, text, defect } = readMailHtml(letter);
    expect([html, defect]).toEqual([null, 'html_too_many_tags']);
    expect(text()).toMatch(/^Dear Ann,\s+x x [x ]+\n\s*Yours$/);
    expect(readMailHtml('2 < 3 '.repeat(50_001)).defect).toBe('html_too_many_tags');
    expect(readMailHtml('2 < 3 '.repeat(10)).html).toMatch(/^(2 &lt; 3 ?)+$/);
  });
});
