import { describe, expect, it } from 'vitest';
import { aMail } from '../testing.js';
import { branded, brandedSender, type MailBrand } from './mail-brand.js';

const OWN = { address: 'nexus@example.com', name: 'Nexus' };
const brandOf = (over: Partial<MailBrand> = {}): MailBrand => ({
  ...{ displayName: null, logoUrl: null, accentColour: null, mailFooter: null },
  ...over,
});

describe('The brand of a mail', () => {
  it('is on what no person wrote, and on nothing else', () => {
    const brand = brandOf({ displayName: 'North', mailFooter: 'North Ltd', accentColour: '#112233' });
    const [machine, person] = [aMail({ autoSubmitted: true, text: 'Hello' }), aMail({ text: 'Hello' })];
    expect(branded(person, brand)).toEqual(person);
    expect(brandedSender(OWN, person, brand)).toEqual(OWN);
    expect(branded(machine, brand).text).toBe('Hello\n\n-- \nNorth Ltd\n');
    expect(brandedSender(OWN, machine, brand)).toEqual({ address: OWN.address, name: 'North' });
  });

  it('says the same words in both parts, and lets none of them be markup', () => {
    const text = 'Hello <b>Ada</b> & "all"';
    const { html } = branded(aMail({ autoSubmitted: true, text }), brandOf({ accentColour: '#112233' }));
    expect(html).toContain('Hello &lt;b&gt;Ada&lt;/b&gt; &amp; &quot;all&quot;');
  });

  it('keeps the part that a mail brings itself, and makes none where there is nothing to show', () => {
    const own = aMail({ autoSubmitted: true, html: '<p>Own</p>' });
    expect(branded(own, brandOf({ accentColour: '#112233' })).html).toBe('<p>Own</p>');
    expect(branded(aMail({ autoSubmitted: true }), brandOf({ mailFooter: 'North' })).html).toBeUndefined();
  });

  it('is none where nobody knows one', () => {
    const mail = aMail({ autoSubmitted: true });
    expect([branded(mail, undefined), brandedSender(OWN, mail, undefined)]).toEqual([mail, OWN]);
  });
});
