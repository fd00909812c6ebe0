import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerPermissions as may } from '../customer.policy.js';
import { customersContexts } from '../testing.js';

const UNKNOWN = { birthday: null, timeZone: null, language: null, preferredChannel: null, quietHours: null };
const NIGHT = { start: '21:00', end: '08:00' };
const KNOWN = {
  ...{ birthday: '1988-02-29', timeZone: 'Europe/Vienna', language: 'de-AT', preferredChannel: 'sms' },
  quietHours: NIGHT,
};

describe('What is known of a customer as a person', () => {
  let slice: Slice;
  let admin: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    admin = await signIn(slice, { grants: Object.values(may) });
  });
  afterAll(() => slice.close());

  const send = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown) =>
    slice.http(method, `/api/v1/customers${path}`, { token: admin.token, body });
  const create = (over: object = {}) => send('POST', '', { firstName: 'Mira', ...over });

  it('is kept as it was said, the language in its canonical form', async () => {
    const { status, body } = await create({ ...KNOWN, language: 'DE-at' });
    expect(status).toBe(201);
    expect(body).toMatchObject(KNOWN);
    expect((await send('GET', `/${body.id}`)).body).toEqual(body);
    expect((await create()).body).toMatchObject(UNKNOWN);
  });

  it.each([
    ['/birthday', { birthday: '2023-02-29' }],
    ['/birthday', { birthday: '1899-12-31' }],
    ['/birthday', { birthday: '2999-01-01' }],
    ['/birthday', { birthday: '1986-05-17T00:00:00Z' }],
    ['/timeZone', { timeZone: 'Europe/Atlantis' }],
    ['/timeZone', { timeZone: '+02:00' }],
    ['/timeZone', { timeZone: 'europe/vienna' }],
    ['/language', { language: 'en_US' }],
    ['/language', { language: 5 }],
    ['/preferredChannel', { preferredChannel: 'fax' }],
    ['/quietHours', { quietHours: '21:00-08:00' }],
    ['/quietHours', { quietHours: [NIGHT] }],
    ['/quietHours/start', { quietHours: { ...NIGHT, start: '24:00' } }],
    ['/quietHours/end', { quietHours: { start: '08:00', end: '08:00' } }],
    ['/quietHours/zone', { quietHours: { ...NIGHT, zone: 'UTC' } }],
  ])('is refused by the name of the field, new or not: %s %j', async (pointer, said) => {
    const { body: known } = await create(KNOWN);
    for (const { status, body } of [
      await create(said),
      await send('PUT', `/${known.id}`, { firstName: 'Mira', ...said }),
      await send('PATCH', `/${known.id}`, said),
    ]) {
      expect(status).toBe(400);
      expect(body.errors[0].pointer).toBe(pointer);
    }
    expect((await send('GET', `/${known.id}`)).body).toEqual(known);
  });

  it('has hours with both ends, said for the first time or anew', async () => {
    const { body: known } = await create(KNOWN);
    const half = { firstName: 'Mira', quietHours: { start: '21:00' } };
    for (const { status, body } of [await send('POST', '', half), await send('PUT', `/${known.id}`, half)]) {
      expect(status).toBe(400);
      expect(body.errors[0].pointer).toBe('/quietHours/end');
    }
  });

  it('is patched in parts, one end of the hours alone too, and goes with null', async () => {
    const { id } = (await create(KNOWN)).body;
    const patch = async (body: object) => (await send('PATCH', `/${id}`, body)).body;
    expect(await patch({ lastName: 'Okafor' })).toMatchObject({ ...KNOWN, lastName: 'Okafor' });
    expect(await patch({ quietHours: { end: '09:30' } })).toMatchObject({
      ...{ ...KNOWN, quietHours: { start: '21:00', end: '09:30' } },
    });
    expect(await patch({ preferredChannel: null, quietHours: null })).toMatchObject({
      ...{ ...KNOWN, preferredChannel: null, quietHours: null, version: 4 },
    });
    expect(await send('PATCH', `/${id}`, { quietHours: { end: '09:30' } })).toMatchObject({
      ...{ status: 400, body: { code: 'quiet_hours_incomplete', errors: [{ pointer: '/quietHours/start' }] } },
    });
    expect((await send('PUT', `/${id}`, { firstName: 'Mira' })).body).toMatchObject(UNKNOWN);
  });

  it('finds customers, by the day of the year too', async () => {
    const lastName = newId();
    const [leaper, other] = [
      (await create({ ...KNOWN, lastName })).body.id,
      (await create({ lastName, language: 'de', preferredChannel: 'post', birthday: '1988-03-29' })).body.id,
    ];
    const nobody = (await create({ lastName })).body.id;
    const found = async (filter: string): Promise<string[]> => {
      const { status, body } = await send('GET', `?lastName=${lastName}&sort=createdAt&${filter}`);
      expect(status).toBe(200);
      return body.data.map(({ id }: { id: string }) => id);
    };
    expect(await found('preferredChannel=sms')).toEqual([leaper]);
    expect(await found('preferredChannel[null]=true')).toEqual([nobody]);
    expect(await found('language=de')).toEqual([other]);
    expect(await found('language[starts]=de')).toEqual([leaper, other]);
    expect(await found('timeZone=Europe/Vienna')).toEqual([leaper]);
    expect(await found('birthdayMonth=2&birthdayDay=29')).toEqual([leaper]);
    expect(await found('birthday[gte]=1988-03-01')).toEqual([other]);
    expect((await send('GET', '?preferredChannel=fax')).status).toBe(400);
  });

  it('is on record', async () => {
    const { id } = (await create()).body;
    await send('PATCH', `/${id}`, { birthday: '1986-05-17', quietHours: NIGHT });
    const { rows } = await slice.superuser.query(
      `select before, after from audit_log where entity = 'customers' and entity_id = $1 and action = 'updated'`,
      [id],
    );
    expect(rows).toMatchObject([
      { before: { birthday: null, quiet_hours: null }, after: { birthday: '1986-05-17', quiet_hours: NIGHT } },
    ]);
  });

  it.each([
    ['customers_birthday_is_past', `birthday = '1899-12-31'`],
    ['customers_birthday_is_past', `birthday = (now() + interval '2 days')::date`],
    ['customers_time_zone_is_a_name', `time_zone = '+02:00'`],
    ['customers_language_is_a_tag', `language = 'en_US'`],
    ['customers_preferred_channel_is_known', `preferred_channel = 'fax'`],
    ['customers_quiet_hours_are_whole', `quiet_hours = '{"start":"21:00"}'`],
    ['customers_quiet_hours_are_whole', `quiet_hours = '{"start":"21:00","end":"21:00"}'`],
    ['customers_quiet_hours_are_whole', `quiet_hours = '{"start":"21:00","end":"25:00"}'`],
    ['customers_quiet_hours_are_whole', `quiet_hours = '[]'`],
  ])('is guarded by PostgreSQL as well: %s, %s', async (constraint, set) => {
    const { id } = (await create()).body;
    await expect(slice.superuser.query(`update customers set ${set} where id = '${id}'`)).rejects.toMatchObject({
      constraint,
    });
  });
});
