import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice, tokenOf, TokenDoorModule } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calendarsContext } from '../index.js';
import { aCalendar, daily, local } from '../testing.js';
import { CalendarPermissions } from './calendar.policy.js';

const URL = '/api/v1/business-calendars';

describe('/business-calendars', () => {
  let slice: Slice;
  const token = tokenOf(anActor([CalendarPermissions.read, CalendarPermissions.manage]));
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [calendarsContext], modules: [TokenDoorModule] });
  });
  beforeEach(() => slice.empty('team_calendars', 'business_calendars'));
  afterAll(() => slice.close());

  const create = (body: object = aCalendar(), headers = {}) => slice.http('POST', URL, { token, body, headers });

  it('creates, reads, replaces and deletes a calendar', async () => {
    await create();
    const created = await create(aCalendar({ name: ' Sales ', zone: 'Asia/Tokyo' }));
    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ etag: '"1"', location: `${URL}/${created.body.id}` });
    expect(created.body).toMatchObject({
      name: 'Sales',
      zone: 'Asia/Tokyo',
      isDefault: false,
      teamIds: [],
      version: 1,
    });
    const at = `${URL}/${created.body.id}`;
    const replaced = await slice.http('PUT', at, {
      token,
      body: aCalendar({ zone: 'UTC', name: 'Sales' }),
      headers: { 'if-match': '"1"' },
    });
    expect(replaced.body).toMatchObject({ zone: 'UTC', version: 2 });
    expect(
      (await slice.http('PUT', at, { token, body: aCalendar({ name: 'Sales' }), headers: { 'if-match': '"1"' } }))
        .status,
    ).toBe(412);
    expect((await slice.http('GET', at, { token, headers: { 'if-none-match': '"2"' } })).status).toBe(304);
    expect((await slice.http('DELETE', at, { token })).status).toBe(204);
    expect((await slice.http('GET', at, { token })).status).toBe(404);
  });

  it('lists calendars by name', async () => {
    for (const name of ['Sales', 'Support', 'Nights']) await create(aCalendar({ name }));
    const { body } = await slice.http('GET', `${URL}?limit=2`, { token });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['Nights', 'Sales']);
    expect(body.meta).toMatchObject({ total: 3, hasNext: true });
    const defaults = await slice.http('GET', `${URL}?isDefault=true&fields=name`, { token });
    expect(defaults.body.data).toEqual([{ id: expect.any(String), name: 'Sales' }]);
  });

  it('points to each fault of the hours', async () => {
    const week = { 1: [{ opens: '09:00', closes: '25:00' }], 2: [{ opens: '09:00', closes: '08:00' }] };
    const { status, body } = await create(
      aCalendar({ zone: 'Europe/Nowhere', week, holidays: [{ date: '2026-02-30' }] }),
    );
    expect(status).toBe(400);
    expect(body.code).toBe('business_hours_invalid');
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/zone',
      '/week/1/0/closes',
      '/week/2/0/closes',
      '/holidays/0/date',
    ]);
  });

  it.each([
    ['a day that is not a weekday', { week: { 8: [] } }],
    ['null instead of hours', { week: { 1: null } }],
    ['a null interval', { week: { 1: [null] } }],
    ['null instead of holidays', { holidays: null }],
    ['hours that are no list', { week: { 1: 'all day' } }],
    ['a week that is a list', { week: [] }],
    ['a calendar that never opens', { week: {} }],
    ['no name', { name: '  ' }],
    ['an unknown key', { isDefault: true }],
  ])('refuses %s', async (_, fault) => {
    const { status, body } = await create({ ...aCalendar(), ...fault });
    expect(status).toBe(400);
    expect(body.errors).not.toHaveLength(0);
  });

  it('answers 409 to a name that is taken', async () => {
    await create();
    expect((await create()).body).toMatchObject({ status: 409, code: 'calendar_name_taken' });
  });

  it('makes another calendar the default', async () => {
    const former = await create();
    const next = await create(aCalendar({ name: 'Next' }));
    const { status, body } = await slice.http('POST', `${URL}/${next.body.id}/default`, { token });
    expect([status, body.isDefault]).toEqual([200, true]);
    expect((await slice.http('GET', `${URL}/${former.body.id}`, { token })).body.isDefault).toBe(false);
    expect((await slice.http('DELETE', `${URL}/${next.body.id}`, { token })).body).toMatchObject({
      status: 409,
      code: 'calendar_is_default',
    });
  });

  it('says which teams work by a calendar', async () => {
    const { body } = await create();
    const teamId = newId();
    const assigned = await slice.http('PUT', `${URL}/${body.id}/teams`, {
      token,
      body: { teamIds: [teamId] },
      headers: { 'if-match': '"1"' },
    });
    expect(assigned.body).toMatchObject({ teamIds: [teamId], version: 2 });
  });

  it('previews a deadline', async () => {
    const { body } = await create(aCalendar({ week: daily('09:00-17:00', 1, 2, 3, 4, 5) }));
    const preview = (given: object) => slice.http('POST', `${URL}/${body.id}/preview`, { token, body: given });
    const friday = local('2026-10-02T16:30').toISOString();
    expect((await preview({ from: friday, seconds: 3600 })).body).toEqual({
      from: friday,
      seconds: 3600,
      isOpen: true,
      opensAt: friday,
      deadline: local('2026-10-05T09:30').toISOString(),
    });
    for (const from of ['tomorrow', '2026-10-02T16:30:00', '2026-13-02T16:30:00Z', '9999-01-01T00:00:00Z', 0, null]) {
      expect((await preview({ from, seconds: 1 })).status).toBe(400);
    }
    expect((await preview({ from: friday, seconds: 100 * 366 * 86_400 })).body).toMatchObject({
      status: 422,
      code: 'business_time_out_of_reach',
    });
  });

  it('wants the permission to read, and another one to manage', async () => {
    const reader = tokenOf(anActor([CalendarPermissions.read]));
    const { body } = await create();
    expect((await slice.http('GET', URL, { token: tokenOf(anActor()) })).status).toBe(403);
    expect((await slice.http('GET', `${URL}/${body.id}`, { token: reader })).status).toBe(200);
    for (const [method, path] of [
      ['POST', ''],
      ['PUT', `/${body.id}`],
      ['PUT', `/${body.id}/teams`],
      ['POST', `/${body.id}/default`],
      ['DELETE', `/${body.id}`],
    ] as const) {
      expect((await slice.http(method, `${URL}${path}`, { token: reader, body: aCalendar() })).body).toMatchObject({
        status: 403,
        permission: 'calendars:manage',
      });
    }
  });
});
