import { describe, expect, it } from 'vitest';
import { claim } from './mailbox.policy.js';

const support = { id: 's', address: 'support@acme.example', isDefault: true };
const sales = { id: 'b', address: 'sales@acme.example', isDefault: false };
const claimed = (deliveredTo: string[], named: string[], mailboxes = [support, sales]) =>
  claim(mailboxes, { deliveredTo, named }).map(({ id }) => id);

describe('A mailbox', () => {
  it('claims what its server noted, whatever To says', () => {
    expect(claimed(['sales@acme.example'], ['support@acme.example'])).toEqual(['b']);
  });

  it('claims what names it beside another mailbox, in the order of the header', () => {
    expect(claimed([], ['x@example.org', 'sales@acme.example', 'support@acme.example'])).toEqual(['b', 's']);
  });

  it('claims what is sent to its address with a tag', () => {
    expect(claimed([], ['sales+token@acme.example'])).toEqual(['b']);
  });

  it('is looked up in To where the server noted an address of somebody else', () => {
    expect(claimed(['relay@other.example'], ['sales@acme.example'])).toEqual(['b']);
  });

  it('claims, as the default, what names none', () => {
    expect(claimed([], ['x@example.org'])).toEqual(['s']);
    expect(claimed([], [], [sales])).toEqual([]);
  });
});
