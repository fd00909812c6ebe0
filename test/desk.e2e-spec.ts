import { identityProviders, type IdentityProvider } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { aRawMail, IMAP_LOGIN, ImapServer } from '@app/mail/testing';
import { TestDnsServer } from '@app/platform/testing/servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, Nexus } from './support/nexus.js';
import { paste, PASTING } from './support/readme.js';

const BACK = 'https://directory.example/back';
const PATIENCE = { timeout: 30_000, interval: 200 };

/** The desk as those use it who read the README of a context and paste its commands, and a little further. */
describe('A desk', { timeout: PASTING }, () => {
  let nexus: Nexus;
  let admin: Client;
  let cso: Client;
  let manager: Client;
  let imap: ImapServer;
  let provider: IdentityProvider;
  let dns: TestDnsServer;
  let customerId = '';
  beforeAll(async () => {
    const { IdentityProvider } = await identityProviders();
    [imap, provider, dns] = await Promise.all([
      ImapServer.start(),
      IdentityProvider.start([BACK]),
      TestDnsServer.start(),
    ]);
    nexus = await Nexus.start({
      env: { RESPONSE_UNDO_SECONDS: '3', OUTBOUND_PRIVATE_NETWORKS: '127.0.0.1', DNS_SERVERS: dns.address },
    });
    const names = ['admin', 'cso', 'manager'];
    [admin, cso, manager] = (await Promise.all(names.map((name) => nexus.login(name)))) as [Client, Client, Client];
    customerId = (await cso.get('customers?limit=1')).body.data[0].id;
  });
  afterAll(async () => {
    await nexus?.stop();
    await Promise.all([imap?.stop(), provider?.close(), dns?.stop()]);
  });

  const pasted = (context: string, env: Record<string, string> = {}) => paste(nexus, context, env);
  const made = ({ status, body }: Answer): string => {
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  };
  const ask = async (over: object = {}, by = cso): Promise<string> =>
    made(await by.post('inquiries', { customerId, subject: 'A matter', message: 'Please help.', ...over }));
  const submit = async (inquiryId: string, message = 'Here is help.', by = cso): Promise<string> => {
    const id = made(await by.post('responses', { inquiryId, message }));
    expect(await by.post(`responses/${id}/submit`, { revision: 1 })).toMatchObject({ status: 200 });
    return id;
  };
  const rows = async (sql: string, values: unknown[] = []) => (await nexus.superuser.query(sql, values)).rows;
  const person = async (role: string): Promise<{ id: string; login: () => Promise<Client> }> => {
    const email = `${newId()}@demo.example`;
    const body = { email, firstName: 'Lea', lastName: 'Ver', password: 'Nexus-Demo-1', roles: [role] };
    const id = made(await admin.post('users', body));
    return { id, login: () => nexus.login(email) };
  };

  describe('whose mailbox is polled', () => {
    const mailbox = async () => (await admin.get('mailboxes?address=support@demo.example')).body.data[0].id as string;
    const completeness = async () => (await admin.get(`mailboxes/${await mailbox()}/completeness`)).body;
    const sync = async () => expect((await admin.post(`mailboxes/${await mailbox()}/sync`)).status).toBe(202);
    const fill = (from: number, to: number): void => {
      for (let n = from; n <= to; n++)
        imap.add(
          aRawMail({
            to: 'support@demo.example',
            from: `p${n}@people.example`,
            messageId: `<${n}@people.example>`,
            subject: `Matter ${n}`,
          }),
        );
    };
    /** How many inquiries each of these mails has become. */
    const inquiries = () =>
      rows(`select count(*)::int as mails, count(m.inquiry_id)::int as routed, count(distinct m.inquiry_id)::int as inquiries
        from mails m where m.message_id like '%@people.example%'`);

    it('reads it as the README says', async () => {
      fill(1, 3);
      imap.add(Buffer.from('Subject: nobody\r\n\r\nwrote this'));
      const { username, password } = IMAP_LOGIN;
      const at = { IMAP_HOST: '127.0.0.1', IMAP_PORT: String(imap.port), IMAP_SECURITY: 'none' };
      const [told] = await pasted('mail', { ...at, IMAP_USER: username, IMAP_PASSWORD: password });
      expect(told).toEqual(['INBOX', expect.any(String), 'accounted for 4 of 4, 1 quarantined', "[ '4 no_sender' ]"]);
    });

    it('loses and doubles nothing when the worker is killed in the middle, and when the ids change their meaning', async () => {
      fill(5, 200);
      await sync();
      await expect.poll(async () => (await inquiries())[0].mails, { ...PATIENCE, interval: 20 }).toBeGreaterThan(50);
      await nexus.worker.kill();
      expect((await inquiries())[0].mails).toBeLessThan(199);
      await rows('update imap_polls set lease_until = clock_timestamp()'); // three minutes, which a dead worker holds it
      await nexus.worker.start();
      await sync();
      await expect
        .poll(async () => (await completeness()).summary, PATIENCE)
        .toBe('accounted for 200 of 200, 1 quarantined');
      imap.renumber(77);
      await sync();
      await expect.poll(async () => (await completeness()).uidValidity, PATIENCE).toBe(77);
      await expect.poll(async () => (await completeness()).status, PATIENCE).toBe('complete');
      await nexus.settled(60_000);
      expect(await completeness()).toMatchObject({ summary: 'accounted for 200 of 200, 1 quarantined' });
      expect(await inquiries()).toEqual([{ mails: 199, routed: 199, inquiries: 199 }]);
    });

    it('names exactly what a faulty server drops and doubles, until it is repaired', async () => {
      fill(201, 220);
      imap.spoilWith({ drops: [205, 211], doubles: [207] });
      await sync();
      await expect
        .poll(async () => (await completeness()).summary, PATIENCE)
        .toBe('accounted for 218 of 220, 2 missing, 1 quarantined, 1 doubled');
      const { missing, doubled } = await completeness();
      expect(missing.map(({ messageId }: { messageId: string }) => messageId)).toEqual([
        '<205@people.example>',
        '<211@people.example>',
      ]);
      expect(doubled.map(({ messageId }: { messageId: string }) => messageId)).toEqual(['<207@people.example>']);
      imap.spoilWith({});
      await sync();
      await expect
        .poll(async () => (await completeness()).summary, PATIENCE)
        .toBe('accounted for 220 of 220, 1 quarantined');
      expect(await admin.delete(`mailboxes/${await mailbox()}/imap`)).toMatchObject({ status: 204 });
    });
  });

  it('merges, parts, splits, links, escalates, gives, puts off and asks others as the README of inquiries says', async () => {
    const [threads, ladder, work, aside] = await pasted('inquiries');
    expect(threads).toEqual(['merged', '2', 'new', 'related', 'related split_from']);
    expect(ladder).toEqual([
      '3',
      '1',
      'open',
      '0.8 notify told',
      '1 reassign_to_lead reassigned',
      '2 reassign_to_manager reassigned',
    ]);
    expect(work?.slice(0, -1)).toEqual([
      'least_loaded',
      'null',
      expect.stringMatching(/^Dear \w+, your parcel is late. Clara Officer$/),
      'on_hold',
      'open',
      'note',
      '1',
    ]);
    expect(work?.at(-1)).toMatch(/^reference,subject,.*firstResponsePromise.*satisfaction/);
    expect(aside).toEqual(['closed', '36', 'open 2', 'unmoved']);
    const told = nexus.sink.messages().filter(({ subject }) => subject?.includes('It burns'));
    expect(told).toHaveLength(3);
    expect(told.flatMap(({ to }) => to)).toContain('cso2@demo.example');
  });

  it('climbs the ladder no further once somebody answers', async () => {
    const { body: alarms } = await admin.get('sla-policies?name[starts]=Alarms');
    const escalation = [
      { after: 0.05, action: 'notify' },
      { after: 5, action: 'reassign_to_manager' },
    ];
    const [{ calendarId }] = alarms.data;
    const terms = { categories: ['calm'], calendarId, firstResponseSeconds: 20, escalation };
    made(await admin.post('sla-policies', { name: 'Calm', ...terms }));
    const id = await ask({ category: 'calm' });
    const clock = async () => (await admin.get(`inquiries/${id}/sla`)).body.data[0];
    const response = await submit(id);
    await expect.poll(async () => (await clock()).escalation[0].outcome, PATIENCE).toBe('told');
    expect((await clock()).escalation[1]).toMatchObject({ at: null, dueAt: expect.any(String) });
    await manager.post(`responses/${response}/approve`, { revision: 1 });
    await manager.post(`responses/${response}/send`, { revision: 1 });
    await expect.poll(async () => (await cso.get(`responses/${response}`)).body.status, PATIENCE).toBe('sent');
    await expect.poll(async () => (await clock()).stoppedAt, PATIENCE).toEqual(expect.any(String));
    expect((await clock()).escalation[1]).toMatchObject({ at: null, dueAt: null });
  });

  it('asks two managers, one or nobody, in bulk and in another’s place, as the README of approvals says', async () => {
    const [policy, more] = await pasted('approvals');
    expect(policy).toEqual(['3', 'pending_approval', 'voice_given', 'approved', 'Canned']);
    expect(more).toEqual(['approved stale_revision', 'not_called_upon', 'approved']);
  });

  it('passes what waits for somebody on in the second in which they are deactivated', async () => {
    const leaver = await person('Manager');
    const stage = { approvers: { kind: 'users', ids: [leaver.id] }, required: 1 };
    const rule = {
      name: 'Hers',
      when: { field: 'category', op: 'eq', value: 'hers' },
      outcome: 'approval',
      stages: [stage],
    };
    const policy = { name: 'Hers', allowSelfApproval: false, isActive: true, rules: [rule] };
    expect(await admin.put('approval-policies/responses.response', policy)).toMatchObject({ status: 200 });
    const waiting: string[] = [];
    for (let n = 0; n < 12; n++) waiting.push(await submit(await ask({ category: 'hers' })));
    expect(await manager.post(`responses/${waiting[0]}/approve`, { revision: 1 })).toMatchObject({
      body: { code: 'not_called_upon' },
    });
    expect(await admin.post(`users/${leaver.id}/deactivate`)).toMatchObject({ status: 200 });
    const queued = async () => {
      const { body } = await manager.get('approvals/queue?limit=100&sort=createdAt&order=desc');
      return body.data.filter(({ subjectId }: { subjectId: string }) => waiting.includes(subjectId)).length;
    };
    await expect.poll(queued, PATIENCE).toBe(12);
    const [{ seconds }] = await rows(
      `select extract(epoch from max(r.updated_at) - u.updated_at)::float8 as seconds from users u, approval_requests r
       where u.id = $1 and r.subject_id = any ($2::uuid[]) group by u.updated_at`,
      [leaver.id, waiting],
    );
    expect(seconds).toBeLessThan(1);
    expect(await manager.post(`responses/${waiting[0]}/approve`, { revision: 1 })).toMatchObject({ status: 200 });
  });

  it('holds back what is no longer so, with what was and what is, as the README of responses says', async () => {
    const [stale, fresh] = await pasted('responses');
    expect(stale).toEqual([
      '600',
      expect.stringMatching(/^Dear \w+, you hear from us by .* \(Europe\/Berlin\)\.$/),
      'approved',
      'hasty',
      'facts_changed',
      expect.stringMatching(/^inquiry\.sla\.dueAt \| .*\(Europe\/Berlin\) \| .*\(Europe\/Berlin\)$/),
    ]);
    expect(fresh).toEqual(['3', 'approved', 'sent']);
  });

  describe('whose people come in', () => {
    /** As whoever administers the DNS of the domains does by hand. */
    const publishClaims = async (): Promise<void> => {
      for (const { domain, challenge } of await rows('select domain, challenge from sso_domains'))
        dns.texts.set(`_nexus-challenge.${domain}`, [`nexus-domain-verification=${challenge}`]);
    };

    it('by a second factor, a key and an identity provider, as the README of auth says', async () => {
      provider.person = { sub: 'nina', email: 'nina@directory.example', email_verified: true, given_name: 'Nina' };
      const { CLIENT } = await identityProviders();
      const at = { ISSUER: provider.issuer, CLIENT_ID: CLIENT.id, CLIENT_SECRET: CLIENT.secret, BACK };
      const administrator = setInterval(() => void publishClaims(), 200);
      const [factors, why, fields, seen, scim, tenant, brand, claim, directory] = await pasted('auth', at);
      clearInterval(administrator);
      expect(factors).toEqual(['hr@demo.example', 'mfa_code_refused', 'true', 'mfa_enrolment_required', 'false']);
      expect(why).toEqual([
        expect.stringMatching(/_me$|_team$/),
        'permission_missing',
        'permission_missing',
        'approvals customers deals drafts inquiries leads projects tasks views',
      ]);
      expect(fields).toEqual([expect.stringContaining('customers'), 'hidden', 'true', 'field_forbidden', '0']);
      expect(seen).toEqual(['Ada Admin', 'impersonation_refused', 'Her queue is empty, ticket 4711']);
      expect(brand).toEqual(['Demo Travel', expect.stringContaining('sign_ins: 90')]);
      expect(scim).toEqual([
        '01920000-0001-7002-8000-000000000001',
        expect.stringMatching(/^leads Support, which is above /),
        ...['CSO', 'CSO', 'false', 'invalidFilter'],
      ]);
      expect(tenant?.map((line) => line.split(' ').at(-1))).toEqual(['active', 'suspended', 'closing', 'head']);
      expect(claim).toEqual(['_nexus-challenge.directory.example']);
      expect(directory?.[0]).toBe('Our directory');
      expect(new URL(directory?.[1] ?? '').searchParams.get('code_challenge_method')).toBe('S256');
    });

    it('once by one answer of the provider, made an account of their own in its tenant', async () => {
      const { body: providers } = await admin.get('sso-providers');
      const way = `auth/sso/${providers.data[0].id}`;
      const begun = await nexus.request('GET', `${way}/start`);
      const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
      const answer = new URLSearchParams(await provider.visit(begun.body.url)).toString();
      const elsewhere = await nexus.request('GET', `${way}/callback?${answer}`);
      expect(elsewhere.status).toBe(401);
      const come = () => nexus.request('GET', `${way}/callback?${answer}`, { headers: { cookie } });
      const first = await come();
      expect(first).toMatchObject({ status: 200, body: { user: { email: 'nina@directory.example' } } });
      expect((await come()).status).toBe(401);
      const me = await nexus.client(first.body.accessToken).get('auth/me');
      expect(me.body.tenant.slug).toBe('demo');
    });

    it('and show anew who they are before they take everything along', async () => {
      const fresh = await nexus.login('senioradmin');
      expect((await fresh.get('tenants/current/export')).status).toBe(200);
      const stale = await nexus.login('senioradmin');
      const { sid } = JSON.parse(Buffer.from(stale.token.split('.')[1] ?? '', 'base64url').toString('utf8'));
      await rows(`update sessions set proven_at = proven_at - interval '11 minutes' where id = $1`, [sid]);
      for (const route of ['tenants/current/export', 'audit/export', 'inquiries/export.csv'])
        expect(await stale.get(route)).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
      expect(await stale.delete(`customers/${customerId}?permanent=true`)).toMatchObject({
        status: 403,
        body: { code: 'step_up_required' },
      });
    });
  });

  it('keeps a private matter to those who take part in it, answers it, and shows it to an administrator on record', async () => {
    const mailbox = { address: 'private@demo.example', name: 'Private', messageVisibility: 'participants' };
    made(await admin.post('mailboxes', mailbox));
    const from = `${newId()}@people.example`;
    const raw = aRawMail({ to: mailbox.address, from, subject: 'My ombrophobia', text: 'It is a secret.' });
    const { body: mail } = await admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body: raw } });
    const routed = async () => (await admin.get(`mail/messages/${mail.id}`)).body.inquiryId as string | null;
    await expect.poll(routed, PATIENCE).not.toBeNull();
    const inquiry = (await routed())!;
    const { body: me } = await manager.get('auth/me');
    const give = (by: Client) => by.post(`inquiries/${inquiry}/assign`, { assignedTo: me.id });
    expect(await give(manager)).toMatchObject({ status: 403, body: { code: 'message_hidden' } });
    expect(await give(admin)).toMatchObject({ status: 200, body: { hidden: true } });
    const first = async (by: Client) => (await by.get(`inquiries/${inquiry}/messages`)).body.data[0];
    expect(await first(manager)).toMatchObject({ hidden: false, subject: 'My ombrophobia' });
    for (const by of [cso, admin]) {
      expect(await first(by)).toMatchObject({ visibility: 'participants', hidden: true, body: null });
      for (const path of [`inquiries/${inquiry}`, `mail/messages/${mail.id}`, 'search?q=ombrophobia'])
        expect(JSON.stringify((await by.get(path)).body.data ?? (await by.get(path)).body)).not.toMatch(/ombro|secret/);
    }
    const { id: message } = await first(admin);
    expect((await cso.get(`inquiries/${inquiry}/messages/${message}/words`)).status).toBe(403);
    expect((await admin.get(`inquiries/${inquiry}/messages/${message}/words`)).body.subject).toBe('My ombrophobia');
    const read = `audit?entity=inquiry_messages&entityId=${message}&action=revealed`;
    expect((await admin.get(read)).body.data).toMatchObject([{ after: { inquiryId: inquiry } }]);
    const answer = await submit(inquiry, 'It stays between us.', manager);
    expect((await cso.get(`responses/${answer}`)).status).toBe(404);
    const { status } = await admin.post(`responses/${answer}/approve`, { revision: 1 });
    expect([status, (await cso.get(`responses/${answer}`)).status]).toEqual([200, 404]);
  });

  it('passes everything of somebody who leaves on in one call', async () => {
    const [leaver, heir] = [await person('Manager'), await person('Manager')];
    const hers = await leaver.login();
    const email = `${newId()}@people.example`;
    const customer = made(await hers.post('customers', { firstName: 'Hers', lastName: 'Alone', email }));
    expect(await admin.post(`customers/${customer}/assign`, { userId: leaver.id })).toMatchObject({ status: 200 });
    const inquiry = await ask({ customerId: customer }, hers);
    expect(await hers.post(`inquiries/${inquiry}/take`)).toMatchObject({ status: 200 });
    const draft = made(await hers.post('responses', { inquiryId: inquiry, message: 'Unfinished' }));
    const stage = { approvers: { kind: 'users', ids: [leaver.id] }, required: 1 };
    const rule = { name: 'Hers', when: { all: [] }, outcome: 'approval', stages: [stage] };
    await admin.put('approval-policies/responses.response', {
      name: 'Hers',
      allowSelfApproval: false,
      isActive: true,
      rules: [rule],
    });
    const pending = await submit(await ask());
    const answer = await admin.post(`users/${leaver.id}/handover`, { to: heir.id, deactivate: true });
    expect(answer).toMatchObject({ status: 200, body: { isDeactivated: true } });
    const passed = answer.body.passed.map(({ kind, count }: { kind: string; count: number }) => `${kind} ${count}`);
    const nothingElse = ['deals 0', 'leads 0', 'projects 0', 'tasks 0', 'views 0'];
    expect(passed).toEqual(['approvals 1', 'customers 1', 'drafts 1', 'inquiries 1', ...nothingElse].sort());
    expect((await admin.get(`customers/${customer}`)).body.assignedTo).toBe(heir.id);
    expect((await admin.get(`inquiries/${inquiry}`)).body.assignedTo).toBe(heir.id);
    expect((await admin.get(`responses/${draft}`)).body.respondedBy).toBe(heir.id);
    const his = await heir.login();
    expect(await his.post(`responses/${pending}/approve`, { revision: 1 })).toMatchObject({ status: 200 });
    expect((await hers.get('auth/me')).status).toBe(401);
  });

  it('keeps a record that shows what was altered behind its back, as the README of audit says', async () => {
    const [told] = await pasted('audit');
    expect(told).toEqual(['1', 'true', 'proof']);
    const { body } = await admin.get(`audit?entity=customers&entityId=${customerId}&limit=1`);
    await expect.poll(async () => (await admin.get('audit/verify')).body.unsealed, PATIENCE).toBe(0);
    await nexus.superuser.query(
      `begin; set local session_replication_role = replica; update audit_log set actor_name = 'Nobody' where id = ${body.data[0].id}; commit`,
    );
    expect((await admin.get('audit/verify')).body).toMatchObject({
      valid: false,
      brokenAt: { kind: 'altered', id: body.data[0].id },
    });
  });
});
