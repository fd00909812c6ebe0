import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { authContexts } from '@app/auth/testing';
import { Actor, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditFacade } from '../audit.facade.js';
import { Checkpoints } from '../checkpoints/checkpoints.service.js';
import { auditContext } from '../index.js';
import { firstRowHash, linkHash, payloadHash, rowHash } from '../sealing/canonical.js';
import { aTrail, sealAll } from '../testing.js';
import type { Verification } from './verification.js';
import { AuditVerification } from './verification.service.js';

describe('The verification of the trail', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
  });
  afterAll(() => slice?.close());

  const verify = (tenantId: string): Promise<Verification> =>
    slice.as(anActor([], { tenantId }), () => slice.get(AuditVerification).verify());
  const checkpoint = (): Promise<number> => slice.get(Checkpoints).makeDue({ rows: 1, seconds: 0 });
  const fileOf = (tenantId: string): string =>
    join(slice.config.STORAGE_DIR, 'audit-checkpoints', `${tenantId}.ndjson`);

  /** As the database's superuser, past grants, policies and triggers. */
  async function tamper(sql: string, values: unknown[] = []): Promise<void> {
    await slice.superuser.query('set session_replication_role = replica');
    try {
      const { rowCount } = await slice.superuser.query(sql, values);
      expect(rowCount).toBeGreaterThan(0);
    } finally {
      await slice.superuser.query('reset session_replication_role');
    }
  }

  /** Makes the seals from this place on anew, as somebody would who has read how. */
  const rechain = (tenantId: string, fromSeq: number): Promise<unknown> =>
    slice.superuser.query(`set session_replication_role = replica;
      do $$ declare s record; previous bytea; begin
        select link into previous from audit_seals where tenant_id = '${tenantId}' and seq = ${fromSeq} - 1;
        for s in select a.seq, a.audit_id, a.salt from audit_seals a where a.tenant_id = '${tenantId}' and a.seq >= ${fromSeq} order by a.seq loop
          update audit_seals a set row_hash = ${rowHash('l')}, before_hash = ${payloadHash('a.salt', 'l.before')},
            after_hash = ${payloadHash('a.salt', 'l.after')} from audit_log l
            where a.tenant_id = '${tenantId}' and a.seq = s.seq and l.tenant_id = a.tenant_id and l.id = a.audit_id;
          update audit_seals a set link = ${linkHash('previous', 'a')} where a.tenant_id = '${tenantId}' and a.seq = s.seq returning link into previous;
        end loop;
        update audit_heads set link = previous where tenant_id = '${tenantId}';
      end $$;
      reset session_replication_role`);

  it('finds nothing in a trail that nobody touched', async () => {
    const { tenantId } = await aTrail(slice);
    await checkpoint();
    expect(await verify(tenantId)).toEqual({
      valid: true,
      rows: 10,
      erased: 0,
      unsealed: 0,
      checkpoints: { compared: 1, newestSeq: 10, isOutsideCopyFound: true, unreadable: 0 },
    });
  });

  it('finds nothing in a trail that is empty', async () => {
    expect(await verify(newId())).toMatchObject({ valid: true, rows: 0 });
  });

  it.each([
    ['its payload', `after = '{"phone": "forged"}'`],
    ['a payload taken away', 'before = null'],
    ['who acted', `actor_name = 'Somebody else'`],
    ['who really acted, added', `impersonator_id = '01920000-0000-7000-8000-0000000000ff'`],
    ['its time, by a microsecond', `at = at + interval '1 microsecond'`],
    ['what it is about', `entity_id = '99'`],
    ['a boundary moved between two fields', `entity = 'customers","7', entity_id = ''`],
  ])('names the row in which %s was altered', async (_, change) => {
    const { tenantId, ids } = await aTrail(slice);
    await tamper(`update audit_log set ${change} where id = $1`, [ids[6]]);
    expect(await verify(tenantId)).toMatchObject({
      valid: false,
      brokenAt: { kind: 'altered', seq: 7, auditId: ids[6] },
    });
  });

  it('names the row in which who really acted was taken away, or was another', async () => {
    const tenantId = newId();
    const [as, really] = [newId(), newId()];
    const actor = new Actor(as, tenantId, 'Clara', new Set(), [], 'user', null, { impersonatorId: really });
    await slice.as(actor, () => slice.db.audit('customers', '1', 'exported'));
    await sealAll(slice);
    const change = (to: string | null) =>
      tamper('update audit_log set impersonator_id = $2 where tenant_id = $1', [tenantId, to]);
    expect(await verify(tenantId)).toMatchObject({ valid: true, rows: 1 });
    await change(null);
    expect((await verify(tenantId)).brokenAt).toMatchObject({ kind: 'altered', seq: 1 });
    await change(newId());
    expect((await verify(tenantId)).brokenAt).toMatchObject({ kind: 'altered', seq: 1 });
    await change(really);
    expect(await verify(tenantId)).toMatchObject({ valid: true });
  });

  it('finds nothing wrong in what was sealed before anybody could act as another', async () => {
    const { tenantId } = await aTrail(slice);
    const { rows } = await slice.superuser.query<{ same: boolean }>(
      `select bool_and(${rowHash('l')} = ${firstRowHash('l')}) as same from audit_log l where l.tenant_id = $1`,
      [tenantId],
    );
    expect(rows).toEqual([{ same: true }]);
  });

  it('names the first of several rows', async () => {
    const { tenantId, ids } = await aTrail(slice);
    await tamper(`update audit_log set action = 'read' where id = any($1)`, [[ids[8], ids[2], ids[5]]]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'altered', seq: 3, auditId: ids[2] });
  });

  it('names a row that was deleted from the middle', async () => {
    const { tenantId, ids } = await aTrail(slice);
    await tamper('delete from audit_log where id = $1', [ids[4]]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'deleted', seq: 5, auditId: ids[4] });
  });

  it('names the place where rows were deleted with their seals', async () => {
    const { tenantId, ids } = await aTrail(slice);
    await tamper('delete from audit_log where id = any($1)', [[ids[3], ids[4]]]);
    await tamper('delete from audit_seals where tenant_id = $1 and seq in (4, 5)', [tenantId]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'gap', seq: 4, auditId: null });
  });

  it('sees that the places after a deleted row were moved up', async () => {
    const { tenantId, ids } = await aTrail(slice);
    await tamper('delete from audit_log where id = $1', [ids[4]]);
    await tamper('delete from audit_seals where tenant_id = $1 and seq = 5', [tenantId]);
    for (let seq = 6; seq <= 10; seq++) {
      await tamper('update audit_seals set seq = seq - 1 where tenant_id = $1 and seq = $2', [tenantId, seq]);
    }
    await tamper('update audit_heads set seq = 9 where tenant_id = $1', [tenantId]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'unchained', seq: 5, auditId: ids[5] });
  });

  const insertRow = (tenantId: string, columns: string, values: string): Promise<void> =>
    tamper(
      `insert into audit_log (tenant_id, actor_id, actor_name, entity, entity_id, action, ${columns})
       values ($1, $1, 'Nobody', 'customers', '1', 'updated', ${values})`,
      [tenantId],
    );

  it('names a row that was put among the sealed ones', async () => {
    const { tenantId } = await aTrail(slice);
    await insertRow(tenantId, 'sealed', 'true');
    const { rows } = await slice.superuser.query('select max(id)::int as id from audit_log where tenant_id = $1', [
      tenantId,
    ]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'inserted', seq: null, auditId: rows[0].id });
  });

  it('names a row of an earlier time that was left to be sealed', async () => {
    const { tenantId } = await aTrail(slice);
    await insertRow(tenantId, 'at', "now() - interval '1 day'");
    await sealAll(slice);
    expect((await verify(tenantId)).brokenAt).toMatchObject({ kind: 'backdated', seq: 11 });
  });

  it('names the first of two rows that changed places', async () => {
    const { tenantId, ids } = await aTrail(slice);
    const columns = ['audit_id', 'salt', 'row_hash', 'before_hash', 'after_hash', 'link'];
    await tamper('alter table audit_seals drop constraint audit_seals_one_for_each_row').catch(() => undefined);
    await tamper(
      `update audit_seals a set ${columns.map((column) => `${column} = b.${column}`).join(', ')}
       from audit_seals b where a.tenant_id = $1 and b.tenant_id = $1 and a.seq in (3, 8) and b.seq = 11 - a.seq`,
      [tenantId],
    );
    await slice.superuser.query(
      'alter table audit_seals add constraint audit_seals_one_for_each_row unique (tenant_id, audit_id)',
    );
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'unchained', seq: 3, auditId: ids[7] });
  });

  it('sees an end that is missing while the head still knows of it', async () => {
    const { tenantId } = await aTrail(slice);
    await tamper("delete from audit_log where tenant_id = $1 and entity_id in ('9', '10')", [tenantId]);
    await tamper('delete from audit_seals where tenant_id = $1 and seq > 8', [tenantId]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'truncated', seq: 9, auditId: null });
  });

  async function truncate(tenantId: string): Promise<void> {
    await tamper("delete from audit_log where tenant_id = $1 and entity_id in ('9', '10')", [tenantId]);
    await tamper('delete from audit_seals where tenant_id = $1 and seq > 8', [tenantId]);
    await tamper(
      'update audit_heads h set seq = 8, link = s.link from audit_seals s where h.tenant_id = $1 and s.tenant_id = $1 and s.seq = 8',
      [tenantId],
    );
  }

  it('cannot see an end that was cut off cleanly when no checkpoint had reached it', async () => {
    const { tenantId } = await aTrail(slice);
    await truncate(tenantId);
    expect(await verify(tenantId)).toMatchObject({ valid: true, rows: 8 });
  });

  it('sees an end that was cut off cleanly by the checkpoint outside', async () => {
    const { tenantId } = await aTrail(slice);
    await checkpoint();
    await truncate(tenantId);
    await tamper('delete from audit_checkpoints where tenant_id = $1', [tenantId]);
    expect((await verify(tenantId)).brokenAt).toMatchObject({ kind: 'truncated', upToSeq: 10 });
  });

  it('sees a whole tenant that is gone by the checkpoint outside', async () => {
    const { tenantId } = await aTrail(slice);
    await checkpoint();
    for (const table of ['audit_log', 'audit_seals', 'audit_heads', 'audit_checkpoints']) {
      await tamper(`delete from ${table} where tenant_id = $1`, [tenantId]);
    }
    const all = new Map<string, Verification>();
    for await (const one of slice.get(AuditVerification).verifyAllTenants()) all.set(one.tenantId, one);
    expect(all.get(tenantId)?.brokenAt).toEqual({ kind: 'truncated', seq: 1, auditId: null, upToSeq: 10 });
  });

  it('sees a chain that was made anew, between the checkpoints that it lies between', async () => {
    const { tenantId, ids } = await aTrail(slice);
    await checkpoint();
    const more = await aTrail(slice, { tenantId, rows: 5 });
    await checkpoint();
    await tamper(`update audit_log set actor_name = 'Somebody else' where id = $1`, [more.ids[10]]);
    await rechain(tenantId, 11);
    expect(ids).toEqual(more.ids.slice(0, 10));
    expect((await verify(tenantId)).brokenAt).toEqual({
      kind: 'rechained',
      seq: 11,
      auditId: more.ids[10],
      upToSeq: 15,
    });
  });

  it('finds a rechained trail in order where no checkpoint is, so that the checkpoint is what sees it', async () => {
    const { tenantId, ids } = await aTrail(slice);
    await tamper(`update audit_log set actor_name = 'Somebody else' where id = $1`, [ids[3]]);
    await rechain(tenantId, 4);
    expect(await verify(tenantId)).toMatchObject({ valid: true, rows: 10, checkpoints: { compared: 0 } });
  });

  it('sees a checkpoint that somebody without the key has written', async () => {
    const { tenantId } = await aTrail(slice);
    await checkpoint();
    await tamper(`update audit_checkpoints set signature = 'AAAA', link = 'x' where tenant_id = $1`, [tenantId]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'forged_checkpoint', seq: 10, auditId: null });
  });

  it('passes over a line that a crash cut off, and reads the next', async () => {
    const { tenantId } = await aTrail(slice);
    await checkpoint();
    await appendFile(fileOf(tenantId), '{"tenantId":"0192');
    await aTrail(slice, { tenantId, rows: 1 });
    await checkpoint();
    expect(await verify(tenantId)).toMatchObject({
      valid: true,
      checkpoints: { compared: 2, newestSeq: 11, unreadable: 1 },
    });
  });

  it('holds after an erasure, and says that payloads were erased', async () => {
    const { tenantId, ids } = await aTrail(slice);
    const actor = anActor([], { tenantId });
    expect(await slice.as(actor, () => slice.get(AuditFacade).erase('customers', '4'))).toBe(1);
    await sealAll(slice);
    expect(await verify(tenantId)).toMatchObject({ valid: true, rows: 11, erased: 1 });
    const { rows } = await slice.superuser.query(
      `select l.before, l.after, s.salt, e.action, e.actor_id from audit_log l join audit_seals s on s.audit_id = l.id
       join audit_log e on e.id = l.erased_by where l.id = $1`,
      [ids[3]],
    );
    expect(rows).toEqual([{ before: null, after: null, salt: null, action: 'erased', actor_id: actor.id }]);
  });

  it('takes emptying for tampering where no erasure is recorded', async () => {
    const { tenantId, ids } = await aTrail(slice);
    await tamper('update audit_log set before = null, after = null, erased_at = now() where id = $1', [ids[3]]);
    expect((await verify(tenantId)).brokenAt).toEqual({ kind: 'unrecorded_erasure', seq: 4, auditId: ids[3] });
  });
});
