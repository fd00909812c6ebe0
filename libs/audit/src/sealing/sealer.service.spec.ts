import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditContext } from '../index.js';
import { aTrail, sealAll } from '../testing.js';
import { AuditVerification } from '../verification/verification.service.js';
import { AuditSealer } from './sealer.js';
import { trailLock } from './trail-lock.js';

describe('The sealer', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
  });
  afterAll(() => slice?.close());

  const record = (tenantId: string, about: string): Promise<void> =>
    slice.as(anActor([], { tenantId }), () => slice.db.audit('customers', about, 'exported'));
  const sealed = async (tenantId: string): Promise<{ seq: number; about: string }[]> => {
    const { rows } = await slice.superuser.query(
      `select s.seq::int, l.entity_id as about from audit_seals s join audit_log l on l.id = s.audit_id where s.tenant_id = $1 order by s.seq`,
      [tenantId],
    );
    return rows as { seq: number; about: string }[];
  };

  it('makes one chain without forks of 100 writers and 3 sealers at once', async () => {
    const tenantId = newId();
    const actor = anActor([], { tenantId });
    let isWriting = true;
    const writers = Array.from({ length: 100 }, (_, writer) =>
      slice.as(actor, async () => {
        for (let turn = 0; turn < 5; turn++) {
          await slice.db.transaction(async () => {
            await slice.db.audit('customers', `${writer}/${turn}/a`, 'exported');
            await slice.db.audit('customers', `${writer}/${turn}/b`, 'exported');
          });
        }
      }),
    );
    const sealers = [1, 2, 3].map(async () => {
      while (isWriting) await slice.get(AuditSealer).seal();
    });
    await Promise.all(writers);
    isWriting = false;
    await Promise.all(sealers);
    await sealAll(slice);
    const seals = await sealed(tenantId);
    expect(seals.map(({ seq }) => seq)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect(new Set(seals.map(({ about }) => about)).size).toBe(1000);
    const verification = await slice.as(actor, () => slice.get(AuditVerification).verify());
    expect(verification).toMatchObject({ valid: true, rows: 1000, unsealed: 0 });
  });

  it('waits for the oldest running transaction, and forgets no row of it', async () => {
    const tenantId = newId();
    const slow = new pg.Client(slice.database.superuserUrl);
    await slow.connect();
    try {
      await slow.query(
        `begin; insert into audit_log (tenant_id, actor_id, actor_name, entity, entity_id, action) values ('${tenantId}', '${tenantId}', 'slow', 'customers', 'early', 'exported')`,
      );
      await record(tenantId, 'late');
      await slice.get(AuditSealer).seal();
      expect(await sealed(tenantId)).toEqual([]);
      await slow.query('commit');
    } finally {
      await slow.end();
    }
    await sealAll(slice);
    expect(await sealed(tenantId)).toEqual([
      { seq: 1, about: 'early' },
      { seq: 2, about: 'late' },
    ]);
  });

  it('seals the rows that a dump brought along, whose transactions are not of this cluster', async () => {
    const tenantId = newId();
    await slice.superuser.query(
      `insert into audit_log (tenant_id, txid, actor_id, actor_name, entity, entity_id, action) values ($1, '900000000000', $1, 'x', 'customers', '1', 'exported')`,
      [tenantId],
    );
    await sealAll(slice);
    expect(await sealed(tenantId)).toEqual([{ seq: 1, about: '1' }]);
  });

  it('salts each payload with a salt of its own', async () => {
    const { tenantId } = await aTrail(slice);
    const { rows } = await slice.superuser.query(
      'select count(distinct salt)::int as salts from audit_seals where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ salts: 10 }]);
  });

  it('seals the other tenants when one cannot be', async () => {
    const [stuck, free] = [newId(), newId()].sort();
    await aTrail(slice, { tenantId: stuck, rows: 1 });
    await slice.superuser.query(
      `begin; set local session_replication_role = replica; update audit_log set sealed = false where tenant_id = '${stuck}'; commit`,
    );
    await record(free ?? '', '1');
    await expect.poll(async () => (await slice.get(AuditSealer).seal(), sealed(free ?? ''))).toHaveLength(1);
    await slice.superuser.query(
      `begin; set local session_replication_role = replica; update audit_log set sealed = true where tenant_id = '${stuck}'; commit`,
    );
  });

  it('begins no chain while the last of a tenant goes, and none for one that is gone', async () => {
    const tenantId = newId();
    const headsOf = async (): Promise<unknown[]> =>
      (await slice.superuser.query('select from audit_heads where tenant_id = $1', [tenantId])).rows;
    await record(tenantId, '1');
    await slice.superuser.query(`select pg_advisory_lock(${trailLock('$1')})`, [tenantId]);
    const other = new pg.Client(slice.database.superuserUrl);
    await other.connect();
    try {
      await other.query('select audit_seal($1, 100)', [tenantId]);
    } finally {
      await other.end();
      await slice.superuser.query(`select pg_advisory_unlock(${trailLock('$1')})`, [tenantId]);
    }
    expect(await headsOf()).toEqual([]);
    await sealAll(slice);
    expect(await headsOf()).toHaveLength(1);
    await slice.superuser.query(
      `begin; set local session_replication_role = replica;
       delete from audit_log where tenant_id = '${tenantId}'; delete from audit_heads where tenant_id = '${tenantId}'; commit`,
    );
    await slice.superuser.query('select audit_seal($1, 100)', [tenantId]);
    expect(await headsOf()).toEqual([]);
  });

  it('leaves the application no way to change a row or a seal', async () => {
    const { tenantId } = await aTrail(slice, { rows: 1 });
    const actor = anActor([], { tenantId });
    const statements = [
      "update audit_log set action = 'x'",
      'delete from audit_log',
      'insert into audit_log (tenant_id) values (app_tenant())',
      "update audit_seals set link = 'x'",
      'delete from audit_seals',
      'insert into audit_heads (seq) values (1)',
      'update audit_heads set seq = 0',
      'delete from audit_heads',
      'update audit_checkpoints set seq = 0',
      'delete from audit_checkpoints',
    ];
    for (const statement of statements) {
      await expect(
        slice.as(actor, () => slice.db.query(statement)),
        statement,
      ).rejects.toThrow('permission denied');
    }
  });

  it('refuses even the owner to change a row in passing', async () => {
    await aTrail(slice, { rows: 1 });
    await expect(slice.superuser.query("update audit_log set action = 'x'")).rejects.toThrow(
      'audit_log is append-only',
    );
    await expect(slice.superuser.query('delete from audit_seals')).rejects.toThrow('audit_seals is append-only');
  });
});
