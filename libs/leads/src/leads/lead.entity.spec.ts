import { newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { aLead } from '../testing.js';
import type { Lead } from './lead.entity.js';
import { LEAD_STATES, LEAD_STATUSES, type LeadStatus } from './lead.policy.js';

const NOW = new Date('2026-11-02T09:00:00Z');
const code = (wanted: string): Error => expect.objectContaining({ code: wanted }) as Error;
const told = (lead: Lead): string[] => lead.releaseEvents().map(({ type }) => type);
const became = { customerId: newId(), companyId: null, dealId: null };

function aQualifiedLead(): Lead {
  const lead = aLead({ ownerId: newId() });
  lead.contact();
  lead.qualify();
  lead.releaseEvents();
  return lead;
}

describe('Lead', () => {
  it('begins new and nobody’s, or assigned to whom it is for', () => {
    expect(aLead()).toMatchObject({ status: 'new', ownerId: null, utm: {}, source: 'manual' });
    const ownerId = newId();
    expect(aLead({ ownerId })).toMatchObject({ status: 'assigned', ownerId });
  });

  it('goes the way that the design says, and no other', () => {
    expect(LEAD_STATES.transitions).toEqual({
      new: ['assigned', 'disqualified', 'duplicate'],
      assigned: ['contacted', 'disqualified', 'duplicate'],
      contacted: ['qualified', 'disqualified', 'duplicate'],
      qualified: ['converted', 'disqualified', 'duplicate'],
      converted: [],
      disqualified: ['new'],
      duplicate: ['new', 'assigned', 'contacted', 'qualified'],
    });
    expect(Object.keys(LEAD_STATES.transitions)).toEqual(LEAD_STATUSES);
  });

  it('is contacted once somebody has it, and qualified once it was contacted', () => {
    const lead = aLead();
    expect(() => lead.contact()).toThrow(code('invalid_transition'));
    lead.assignTo(newId());
    expect(() => lead.qualify()).toThrow(code('invalid_transition'));
    lead.contact();
    lead.qualify();
    expect(lead.status).toBe('qualified');
    expect(told(lead)).toEqual(['leads.assigned', 'leads.contacted', 'leads.qualified']);
  });

  it('keeps its status when it goes from one to another', () => {
    const lead = aQualifiedLead();
    const [previous, ownerId] = [lead.ownerId, newId()];
    lead.assignTo(ownerId);
    expect(lead).toMatchObject({ status: 'qualified', ownerId });
    expect(lead.releaseEvents()).toMatchObject([{ payload: { ownerId, previous } }]);
    lead.assignTo(ownerId);
    expect(told(lead)).toEqual([]);
  });

  it('is converted once, and tells whoever comes later what it became', () => {
    const lead = aQualifiedLead();
    lead.edit({ nextAction: 'Call', nextActionAt: NOW });
    lead.convert(became, NOW);
    expect(lead).toMatchObject({ status: 'converted', ...became, convertedAt: NOW, nextAction: null });
    expect(() => lead.convert(became, NOW)).toThrow(
      expect.objectContaining({ code: 'already_converted', details: became }) as Error,
    );
    for (const verb of [() => lead.edit({ name: 'x' }), () => lead.assignTo(newId()), () => lead.mergeInto(newId())])
      expect(verb).toThrow(code('lead_not_live'));
    expect(() => lead.disqualify('late')).toThrow(code('invalid_transition'));
  });

  it('is not converted before it is qualified', () => {
    expect(() => aLead({ ownerId: newId() }).convert(became, NOW)).toThrow(code('invalid_transition'));
  });

  it('is dropped for a reason and taken up again by whoever had it', () => {
    const lead = aQualifiedLead();
    const { ownerId } = lead;
    lead.disqualify('Looks for a job');
    expect(lead).toMatchObject({ status: 'disqualified', reason: 'Looks for a job' });
    expect(() => lead.edit({ name: 'x' })).toThrow(code('lead_not_live'));
    lead.reopen();
    expect(lead).toMatchObject({ status: 'new', reason: null, ownerId });
    lead.assignTo(ownerId as string);
    expect(lead.status).toBe('assigned');
  });

  it('is heard again when its person writes, also after it was dropped', () => {
    const lead = aLead();
    lead.hear(newId());
    expect(told(lead)).toEqual(['leads.wrote']);
    lead.disqualify('No answer');
    lead.releaseEvents();
    lead.hear(newId());
    expect(lead.status).toBe('new');
    expect(told(lead)).toEqual(['leads.reopened', 'leads.wrote']);
  });

  it.each<LeadStatus>(['new', 'assigned', 'contacted', 'qualified'])('comes back from a merge as %s', (status) => {
    const lead = aLead();
    if (status !== 'new') lead.assignTo(newId());
    if (status === 'contacted' || status === 'qualified') lead.contact();
    if (status === 'qualified') lead.qualify();
    const [into, before] = [newId(), lead.status];
    expect(before).toBe(status);
    const kept = lead.mergeInto(into);
    expect(lead).toMatchObject({ status: 'duplicate', duplicateOf: into });
    expect(() => lead.reopen()).toThrow(code('lead_not_live'));
    lead.standAlone(kept);
    expect(lead).toMatchObject({ status, duplicateOf: null });
  });

  it('tells of a change only what changed', () => {
    const lead = aLead({ utm: { source: 'fair' } });
    lead.edit({ name: lead.name, utm: { source: 'fair' } });
    expect(told(lead)).toEqual([]);
    lead.edit({ company: 'Haddad Freight', phone: '+4930901820' });
    expect(lead.releaseEvents()).toMatchObject([{ payload: { changed: ['company', 'phone'] } }]);
  });
});
