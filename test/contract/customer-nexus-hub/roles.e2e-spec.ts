import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from '../../support/nexus.js';

type Records = { own: string; foreign: string; inquiry: string };

/** The authorization matrix of the source: CSO, Manager and Admin over customers, inquiries, responses and approval. */
describe('Customer Nexus Hub: its roles', () => {
  let nexus: Nexus;
  let admin: Client;
  let manager: Client;
  let cso: Client;
  let csoId = '';
  let records: Records;

  beforeAll(async () => {
    nexus = await Nexus.start();
    [admin, manager, cso] = (await Promise.all(['admin', 'manager', 'cso2'].map((name) => nexus.login(name)))) as [
      Client,
      Client,
      Client,
    ];
    csoId = (await cso.get('auth/profile')).body.id;
    records = await aDesk();
  });
  afterAll(() => nexus.stop());

  /** A customer of the officer, one of the manager's, and that one's inquiry in other hands. */
  async function aDesk(): Promise<Records> {
    const managerId = (await manager.get('auth/profile')).body.id;
    const customer = async (email: string, userId: string): Promise<string> => {
      const { id } = (await admin.post('customers', { firstName: 'Desk', email })).body;
      expect((await admin.post(`customers/${id}/assign`, { userId })).status).toBe(200);
      return id;
    };
    const [own, foreign] = [
      await customer('own@desk.example', csoId),
      await customer('foreign@desk.example', managerId),
    ];
    const inquiry = (await admin.post('inquiries', { customerId: foreign, subject: 'Foreign', message: 'Whose am I?' }))
      .body.id;
    expect((await admin.post(`inquiries/${inquiry}/assign`, { assignedTo: managerId })).status).toBe(200);
    return { own, foreign, inquiry };
  }

  const totalOf = async (client: Client, path: string): Promise<number> =>
    (await client.get(`${path}?limit=1`)).body.meta.total;
  const countOf = async (table: string): Promise<number> => {
    const { rows } = await nexus.superuser.query<{ n: number }>(
      `select count(*)::int as n from ${table} x join tenants t on t.id = x.tenant_id where t.slug = 'demo'`,
    );
    return rows[0]?.n ?? -1;
  };
  /** A response that waits for approval, written by the officer of the other tests. */
  const submitted = async (): Promise<string> => {
    const { id } = (await cso.post('responses', { inquiryId: records.inquiry, message: 'Yours, of course.' })).body;
    expect((await cso.post(`responses/${id}/submit`, { revision: 1 })).status).toBe(200);
    return id;
  };

  describe('CSO', () => {
    it('reads own customers, and no others', async () => {
      expect((await cso.get(`customers/${records.own}`)).status).toBe(200);
      expect((await cso.get(`customers/${records.foreign}`)).status).toBe(404);
      const listed = await cso.get('customers?q=desk.example');
      expect(listed.body.data.map(({ id }: { id: string }) => id)).toEqual([records.own]);
      expect(await totalOf(cso, 'customers')).toBeLessThan(await countOf('customers'));
    });

    it('changes nothing of a customer that is not own, and deletes and hands on none', async () => {
      expect((await cso.put(`customers/${records.foreign}`, { firstName: 'Mine' })).status).toBe(404);
      expect(await cso.delete(`customers/${records.own}`)).toMatchObject({
        status: 403,
        body: { permission: 'customers:delete' },
      });
      expect(await cso.post(`customers/${records.own}/assign`, { userId: csoId })).toMatchObject({
        status: 403,
        body: { permission: 'customers:assign' },
      });
    });

    it('reads and writes every inquiry', async () => {
      expect(await totalOf(cso, 'inquiries')).toBe(await countOf('inquiries'));
      expect((await cso.get(`inquiries/${records.inquiry}`)).status).toBe(200);
      const created = await cso.post('inquiries', {
        customerId: records.own,
        subject: 'Mine',
        message: 'Asked by telephone.',
      });
      expect(created.status).toBe(201);
      const document = { subject: 'Foreign, edited', priority: 'high', category: null, channel: 'phone' };
      expect((await cso.put(`inquiries/${records.inquiry}`, document)).status).toBe(200);
      expect((await cso.patch(`inquiries/${created.body.id}/status`, { status: 'open' })).status).toBe(200);
    });

    it('creates responses', async () => {
      const created = await cso.post('responses', { inquiryId: records.inquiry, message: 'Ours, then.' });
      expect(created).toMatchObject({ status: 201, body: { status: 'draft', respondedBy: csoId } });
      expect((await cso.put(`responses/${created.body.id}`, { message: 'Yours, then.' })).status).toBe(200);
    });

    it('approves nothing, not by any route', async () => {
      const id = await submitted();
      const { body } = await admin.get('approvals/queue?limit=100');
      const request = body.data.find(({ subjectId }: { subjectId: string }) => subjectId === id);
      const told = { revision: 1, approvalNotes: 'Fine.' };
      for (const path of [`responses/${id}`, `approvals/${request.id}`]) {
        expect((await cso.post(`${path}/approve`, told)).status).toBe(403);
        expect((await cso.post(`${path}/reject`, told)).status).toBe(403);
      }
      expect((await cso.get('approvals/queue')).status).toBe(403);
      const other = (await admin.get('responses?status=pending_approval&respondedBy[ne]=' + csoId)).body.data[0];
      expect((await cso.post(`responses/${other.id}/approve`, told)).status).toBe(403);
      expect((await admin.get(`responses/${id}`)).body.status).toBe('pending_approval');
    });
  });

  describe('Manager', () => {
    it.each(['customers', 'inquiries', 'responses'])('reads all %s', async (path) => {
      expect(await totalOf(manager, path)).toBe(await countOf(path));
      expect(await totalOf(manager, path)).toBe(await totalOf(admin, path));
    });

    it('approves and rejects', async () => {
      const [one, other] = [await submitted(), await submitted()];
      expect((await manager.get('approvals/queue')).status).toBe(200);
      expect(await manager.post(`responses/${one}/approve`, { revision: 1 })).toMatchObject({
        status: 200,
        body: { status: 'approved' },
      });
      expect(await manager.post(`responses/${other}/reject`, { revision: 1, approvalNotes: 'No.' })).toMatchObject({
        status: 200,
        body: { status: 'rejected' },
      });
    });

    it('approves nothing of its own', async () => {
      const { id } = (
        await manager.post('responses', { inquiryId: records.inquiry, message: 'Written by the manager.' })
      ).body;
      await manager.post(`responses/${id}/submit`, { revision: 1 });
      expect(await manager.post(`responses/${id}/approve`, { revision: 1 })).toMatchObject({
        status: 403,
        body: { code: 'self_approval' },
      });
    });

    it('is no administrator', async () => {
      expect((await manager.post('auth/register', { email: 'x@demo.example', firstName: 'X' })).status).toBe(403);
      expect((await manager.put(`users/${csoId}/roles`, { roles: ['Administrator'] })).status).toBe(403);
    });
  });

  describe('Admin', () => {
    it('has all of customers', async () => {
      expect(await totalOf(admin, 'customers')).toBe(await countOf('customers'));
      const { id } = (await admin.post('customers', { firstName: 'Full', email: 'full@desk.example' })).body;
      expect((await admin.put(`customers/${id}`, { firstName: 'Fuller' })).status).toBe(200);
      expect((await admin.post(`customers/${id}/assign`, { userId: csoId })).status).toBe(200);
      expect((await admin.delete(`customers/${id}`)).status).toBe(204);
      expect((await admin.post(`customers/${id}/restore`)).status).toBe(200);
      expect((await admin.delete(`customers/${id}`)).status).toBe(204);
      expect((await admin.delete(`customers/${id}?permanent=true`)).status).toBe(204);
    });

    it('has all of inquiries', async () => {
      const { id } = (
        await admin.post('inquiries', { customerId: records.own, subject: 'Full', message: 'All of it.' })
      ).body;
      expect((await admin.put(`inquiries/${id}`, { subject: 'Fuller', priority: 'low', channel: 'web' })).status).toBe(
        200,
      );
      expect((await admin.patch(`inquiries/${id}/status`, { status: 'open' })).status).toBe(200);
      expect((await admin.delete(`inquiries/${id}`)).status).toBe(204);
      expect((await admin.post(`inquiries/${id}/restore`)).status).toBe(200);
    });

    it('has all of responses, and approves', async () => {
      const { id } = (await admin.post('responses', { inquiryId: records.inquiry, message: 'Full.' })).body;
      expect((await admin.put(`responses/${id}`, { message: 'Fuller.' })).status).toBe(200);
      expect((await admin.post(`responses/${id}/submit`, { revision: 2 })).status).toBe(200);
      expect((await admin.post(`responses/${id}/recall`, { revision: 2 })).status).toBe(200);
      expect((await admin.post(`responses/${id}/discard`, { revision: 2 })).status).toBe(200);
      expect((await admin.post(`responses/${await submitted()}/approve`, { revision: 1 })).status).toBe(200);
    });
  });
});
