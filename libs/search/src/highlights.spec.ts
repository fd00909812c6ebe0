import { describe, expect, it } from 'vitest';
import { excerpt, marked, soughtBy } from './highlights.js';

describe('A highlight', () => {
  it.each([
    ['grace hop', 'Grace Hopper', '<mark>Grace</mark> <mark>Hopper</mark>'],
    ['hop grace', 'Grace Hopper', '<mark>Grace</mark> Hopper'],
    ['celik', 'Özge Çelik', 'Özge <mark>Çelik</mark>'],
    ['strasse', 'Lange Straße 1', 'Lange <mark>Straße</mark> 1'],
    ['030 555 1234', 'call +49305551234', 'call +<mark>49305551234</mark>'],
    ['b', 'Plan B, by Bea', 'Plan <mark>B</mark>, by Bea'],
    ['小林', '小林さん', '<mark>小林さん</mark>'],
    ['nothing', 'Grace', 'Grace'],
    ['', 'Grace', 'Grace'],
  ])('of %j marks in %j', (q, text, html) => {
    expect(marked(text, soughtBy(q))).toBe(html);
  });

  it('lets no markup of the record through, inside of a mark or outside', () => {
    const html = marked(`<script>alert('x') & "y"</script>`, soughtBy('script'));
    expect(html).toBe('&lt;<mark>script</mark>&gt;alert(&#39;x&#39;) &amp; &quot;y&quot;&lt;/<mark>script</mark>&gt;');
  });

  it('of a longer text is the piece around the first word', () => {
    const text = `${'lorem ipsum '.repeat(30)}harbour ${'dolor sit '.repeat(40)}`;
    const html = excerpt(text, soughtBy('harb'));
    expect(html).toMatch(/^… (ipsum|lorem) .*<mark>harbour<\/mark> dolor.* …$/);
    expect(html!.length).toBeLessThan(300);
  });

  it('of a longer text is none where no word of it was sought', () => {
    expect(excerpt('lorem ipsum', soughtBy('harbour'))).toBeNull();
    expect(excerpt('short harbour', soughtBy('harbour'))).toBe('short <mark>harbour</mark>');
  });

  it('cuts no character in two', () => {
    const html = excerpt(`harbour ${'\u{1F6A2}'.repeat(200)}`, soughtBy('harbour'))!;
    expect(html.isWellFormed()).toBe(true);
  });
});
