import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, Nexus } from '../../support/nexus.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const stamps = {
  id: expect.stringMatching(UUID),
  createdAt: expect.stringMatching(INSTANT),
  updatedAt: expect.stringMatching(INSTANT),
};

const expectEnvelope = ({ status, body }: Answer): void => {
  expect(status).toBe(200);
  expect(Object.keys(body).sort()).toEqual(['data', 'meta']);
  expect(body.meta).toEqual({
    page: expect.any(Number),
    limit: expect.any(Number),
    total: expect.any(Number),
    totalPages: expect.any(Number),
    hasNext: expect.any(Boolean),
    hasPrev: expect.any(Boolean),
    nextCursor: body.meta.hasNext ? expect.any(String) : null,
  });
};

const idsOf = ({ body }: Answer): string[] => body.data.map(({ id }: { id: string }) => id);

/** Every route of the source's design, in the order of the work; each step stands on the one before. */
describe('Customer Nexus Hub: its routes', () => {
  let nexus: Nexus;
  let manager: Client;
  let cso: Client;
  let csoId = '';
  let customerId = '';
  let inquiryId = '';
  let responseId = '';

  beforeAll(async () => {
    nexus = await Nexus.start();
    [manager, cso] = (await Promise.all(['manager', 'cso'].map((name) => nexus.login(name)))) as [Client, Client];
    csoId = (await cso.get('auth/profile')).body.id;
  });
  afterAll(() => nexus.stop());

  describe('customers', () => {
    const given = {
      firstName: 'Mira',
      lastName: 'Okafor',
      email: 'mira@okafor.example',
      phone: '+4930123456',
      company: 'Okafor Logistics',
      metadata: { industry: 'logistics', seats: 12 },
    };

    it('POST /customers creates', async () => {
      const answer = await manager.post('customers', given);
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        ...given,
        ...stamps,
        status: 'lead',
        createdBy: expect.stringMatching(UUID),
        assignedTo: null,
      });
      customerId = answer.body.id;
      expect(answer.headers.get('location')).toBe(`/api/v1/customers/${customerId}`);
    });

    it('POST /customers names what is invalid, and what is taken', async () => {
      const invalid = await manager.post('customers', { firstName: '', email: 'nowhere', nickname: 'Mi' });
      expect(invalid.status).toBe(400);
      const pointers = invalid.body.errors.map(({ pointer }: { pointer: string }) => pointer);
      expect(pointers.sort()).toEqual(['/email', '/firstName', '/nickname']);
      expect(await manager.post('customers', { ...given, email: 'MIRA@okafor.example' })).toMatchObject({
        status: 409,
        body: { code: 'email_taken', existingId: customerId },
      });
    });

    it('GET /customers lists, pages and filters', async () => {
      const all = await manager.get('customers?page=2&limit=10&sort=createdAt&order=desc');
      expectEnvelope(all);
      expect(all.body.meta).toMatchObject({
        page: 2,
        limit: 10,
        total: 201,
        totalPages: 21,
        hasNext: true,
        hasPrev: true,
      });
      const filtered = await manager.get(`customers?status=lead&assignedTo[null]=true&email=${given.email}`);
      expect(idsOf(filtered)).toEqual([customerId]);
      expect(idsOf(await manager.get('customers?q=okafor%20logistics'))).toEqual([customerId]);
      expect(await manager.get('customers?nickname=Mi')).toMatchObject({ status: 400 });
      expect(await manager.get('customers?limit=101')).toMatchObject({ status: 400 });
    });

    it('GET /customers/:id answers one, by its version', async () => {
      const answer = await manager.get(`customers/${customerId}`);
      expect(answer).toMatchObject({ status: 200, body: { ...given, id: customerId, version: 1 } });
      expect(answer.headers.get('etag')).toBe('"1"');
      expect((await manager.get('customers/01920000-0001-7004-8000-00000000dead')).status).toBe(404);
      expect((await manager.get('customers/1')).status).toBe(400);
    });

    it('PUT /customers/:id replaces, unless somebody was faster', async () => {
      const body = { ...given, company: 'Okafor & Daughters', metadata: { seats: 20 } };
      const answer = await manager.put(`customers/${customerId}`, body, { headers: { 'if-match': '"1"' } });
      expect(answer).toMatchObject({ status: 200, body: { ...body, version: 2 } });
      expect(answer.body.metadata).toEqual({ seats: 20 });
      const stale = await manager.put(`customers/${customerId}`, given, { headers: { 'if-match': '"1"' } });
      expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict' } });
      expect(await manager.put(`customers/${customerId}`, { ...body, status: 'customer' })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/status' }] },
      });
    });

    it('POST /customers/:id/assign gives it to an officer', async () => {
      const answer = await manager.post(`customers/${customerId}/assign`, { userId: csoId });
      expect(answer).toMatchObject({ status: 200, body: { assignedTo: csoId } });
      expect((await manager.post(`customers/${customerId}/assign`, { userId: customerId })).status).toBe(422);
    });

    it('DELETE /customers/:id takes it out of sight', async () => {
      const { id } = (await manager.post('customers', { firstName: 'Gone', email: 'gone@okafor.example' })).body;
      const answer = await manager.delete(`customers/${id}`);
      expect(answer).toMatchObject({ status: 204, body: '' });
      expect((await manager.get(`customers/${id}`)).status).toBe(404);
      expect(idsOf(await manager.get('customers?email=gone@okafor.example'))).toEqual([]);
    });
  });

  describe('inquiries', () => {
    const given = {
      subject: 'Where is my order?',
      message: 'It was promised for Friday.',
      priority: 'high',
      category: 'delivery',
    };

    it('POST /inquiries records', async () => {
      const answer = await cso.post('inquiries', { ...given, customerId });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ ...given, ...stamps, customerId, status: 'new' });
      inquiryId = answer.body.id;
      expect(answer.headers.get('location')).toBe(`/api/v1/inquiries/${inquiryId}`);
      expect(await cso.post('inquiries', { ...given, customerId, priority: 'huge' })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/priority' }] },
      });
      expect((await cso.post('inquiries', { ...given, customerId: inquiryId })).status).toBeOneOf([404, 422]);
    });

    it('GET /inquiries lists, pages and filters', async () => {
      expectEnvelope(await cso.get('inquiries?limit=5'));
      const filtered = await cso.get(
        `inquiries?customerId=${customerId}&status=new,open&priority=high&category=delivery`,
      );
      expectEnvelope(filtered);
      expect(idsOf(filtered)).toEqual([inquiryId]);
      expect(idsOf(await cso.get(`inquiries?customerId=${customerId}&status=closed`))).toEqual([]);
    });

    it('GET /inquiries/:id answers one', async () => {
      expect(await cso.get(`inquiries/${inquiryId}`)).toMatchObject({
        status: 200,
        body: { ...given, id: inquiryId, customerId },
      });
      expect((await cso.get(`inquiries/${customerId}`)).status).toBe(404);
    });

    it('PUT /inquiries/:id replaces what may be edited, and never the status', async () => {
      const body = { subject: 'Where is order 4711?', priority: 'urgent', category: 'delivery', channel: 'phone' };
      expect(await cso.put(`inquiries/${inquiryId}`, body)).toMatchObject({
        status: 200,
        body: { ...body, message: given.message },
      });
      const refused = await cso.put(`inquiries/${inquiryId}`, { ...body, status: 'closed' });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/status' }] } });
      expect((await cso.get(`inquiries/${inquiryId}`)).body.status).toBe('new');
    });

    it('PATCH /inquiries/:id/status moves it, along the ways there are', async () => {
      expect(await cso.patch(`inquiries/${inquiryId}/status`, { status: 'open' })).toMatchObject({
        status: 200,
        body: { status: 'open' },
      });
      const refused = await cso.patch(`inquiries/${inquiryId}/status`, { status: 'closed' });
      expect(refused).toMatchObject({ status: 409, body: { code: 'invalid_transition', from: 'open', to: 'closed' } });
      expect(refused.body.allowed).toEqual(expect.arrayContaining(['resolved', 'on_hold']));
    });
  });

  describe('responses', () => {
    const message = 'Dear Mira, it arrives on Monday.';
    const submit = async (text: string): Promise<string> => {
      const { id } = (await cso.post('responses', { inquiryId, message: text })).body;
      expect((await cso.post(`responses/${id}/submit`, { revision: 1 })).status).toBe(200);
      return id;
    };

    it('POST /responses drafts', async () => {
      const answer = await cso.post('responses', { inquiryId, message });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        ...stamps,
        inquiryId,
        message,
        status: 'draft',
        revision: 1,
        respondedBy: csoId,
        approvedBy: null,
        approvalNotes: null,
        sentAt: null,
      });
      responseId = answer.body.id;
      expect(answer.headers.get('location')).toBe(`/api/v1/responses/${responseId}`);
      expect(await cso.post('responses', { inquiryId, message: '  ' })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/message' }] },
      });
    });

    it('GET /responses lists and filters', async () => {
      const filtered = await cso.get(`responses?inquiryId=${inquiryId}&status=draft`);
      expectEnvelope(filtered);
      expect(idsOf(filtered)).toEqual([responseId]);
      expect(idsOf(await cso.get(`responses?inquiryId=${inquiryId}&status=sent`))).toEqual([]);
    });

    it('GET /responses/:id answers one', async () => {
      expect(await cso.get(`responses/${responseId}`)).toMatchObject({
        status: 200,
        body: { id: responseId, message },
      });
      expect((await cso.get(`responses/${inquiryId}`)).status).toBe(404);
    });

    it('PUT /responses/:id writes another revision', async () => {
      const answer = await cso.put(`responses/${responseId}`, { message: `${message} We are sorry.` });
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'draft', revision: 2, message: `${message} We are sorry.` },
      });
    });

    it('POST /responses/:id/submit asks for approval', async () => {
      expect(await cso.post(`responses/${responseId}/submit`, { revision: 2 })).toMatchObject({
        status: 200,
        body: { status: 'pending_approval' },
      });
      expect(await cso.put(`responses/${responseId}`, { message: 'Another text' })).toMatchObject({ status: 409 });
    });

    it('POST /responses/:id/approve approves the revision that was seen', async () => {
      expect((await manager.post(`responses/${responseId}/approve`, {})).status).toBe(428);
      expect(await manager.post(`responses/${responseId}/approve`, { revision: 1 })).toMatchObject({
        status: 409,
        body: { code: 'stale_revision' },
      });
      const managerId = (await manager.get('auth/profile')).body.id;
      const answer = await manager.post(`responses/${responseId}/approve`, { revision: 2, approvalNotes: 'Good.' });
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'approved', approvedBy: managerId, approvalNotes: 'Good.' },
      });
      expect((await manager.post(`responses/${responseId}/approve`, { revision: 2 })).status).toBe(409);
    });

    it('tells when it was sent', async () => {
      const sentAt = async (): Promise<string | null> => (await cso.get(`responses/${responseId}`)).body.sentAt;
      await expect.poll(sentAt, { timeout: 20_000, interval: 200 }).toMatch(INSTANT);
      expect((await cso.get(`responses/${responseId}`)).body.status).toBe('sent');
    });

    it('POST /responses/:id/reject returns it to its author, with the reason', async () => {
      const id = await submit('Dear Mira, soon.');
      const silent = await manager.post(`responses/${id}/reject`, { revision: 1 });
      expect(silent.status).toBe(400);
      expect(silent.body.errors[0].pointer).toBe('/approvalNotes');
      const answer = await manager.post(`responses/${id}/reject`, { revision: 1, approvalNotes: 'Name the day.' });
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'rejected', approvalNotes: 'Name the day.', approvedBy: null },
      });
    });
  });
});
