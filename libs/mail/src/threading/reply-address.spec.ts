import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MailboxTooLong, mintReplyAddress, readReplyAddress, withoutTag } from './reply-address.js';

const TENANT = '0192a000-0000-7000-8000-000000000001';
const INQUIRY = '0192a000-0000-7000-8000-0000000000bb';
const SECRET = 'a secret of sixteen or more';
const mint = (inquiryId = INQUIRY, mailbox = 'Support@Example.com') =>
  mintReplyAddress({ mailbox, tenantId: TENANT, inquiryId, secret: SECRET });
const read = (address: string, tenantId = TENANT) => readReplyAddress(address, { tenantId, secret: SECRET });

describe('A reply address', () => {
  it('leads back to its inquiry, in any case of letters', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), fc.boolean(), (inquiryId, isUpper) => {
        const address = mint(inquiryId);
        expect(read(isUpper ? address.toUpperCase() : address)).toBe(inquiryId);
        expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
        expect(withoutTag(address)).toBe('support@example.com');
      }),
    );
  });

  it('means nothing to another tenant', () => {
    expect(read(mint(), '0192a000-0000-7000-8000-000000000002')).toBeNull();
  });

  it('is forged once any character of its token changes', () => {
    const address = mint();
    const [start, end] = [address.indexOf('+') + 1, address.indexOf('@')];
    // The last letter of each half carries unused bits, so it is changed in its highest one.
    fc.assert(
      fc.property(fc.integer({ min: start, max: end - 1 }), (at) => {
        const other = 'abcdefghijklmnop'.includes(address[at] ?? '') ? '7' : 'a';
        expect(read(address.slice(0, at) + other + address.slice(at + 1))).toBeNull();
      }),
    );
  });

  it.each(['support@example.com', 'support+x@example.com', `support+${'a'.repeat(42)}@example.com`, 'not an address'])(
    'is not seen in %s',
    (address) => {
      expect(read(address)).toBeNull();
    },
  );

  it('is refused for a mailbox that leaves no room', () => {
    expect(() => mint(INQUIRY, `${'m'.repeat(22)}@example.com`)).toThrow(MailboxTooLong);
    expect(read(mint(INQUIRY, `${'m'.repeat(21)}@example.com`))).toBe(INQUIRY);
  });
});
