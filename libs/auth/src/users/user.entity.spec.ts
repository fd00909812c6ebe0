import { describe, expect, it } from 'vitest';
import { User } from './user.entity.js';

const NOW = new Date('2026-11-02T09:00:00Z');
const aUser = (over: object = {}): User => User.create({ email: ' Ada@Demo.example', username: 'Ada', ...over }, NOW);
const told = (user: User): string[] => user.releaseEvents().map(({ type }) => type);

describe('A user', () => {
  it('has an address and a username in lower case, and a name in any case', () => {
    expect(aUser()).toMatchObject({
      email: 'ada@demo.example',
      username: 'ada',
      firstName: 'Ada',
      name: 'Ada',
      status: 'active',
    });
    expect(aUser({ firstName: 'Ada', lastName: 'Byron' }).name).toBe('Ada Byron');
    expect(aUser({ firstName: '' }).name).toBe('ada@demo.example');
  });

  it('keeps what an edit does not name, and gives up a username that it names null', () => {
    const user = aUser();
    user.edit({ lastName: 'Byron' });
    expect(user).toMatchObject({ email: 'ada@demo.example', username: 'ada', lastName: 'Byron' });
    user.edit({ username: null, email: 'BYRON@demo.example' });
    expect(user).toMatchObject({ email: 'byron@demo.example', username: null });
  });

  it('is satisfied by a password of its own choice', () => {
    const user = aUser({ passwordHash: 'seeded', mustChangePassword: true });
    user.choosePassword('own', NOW);
    expect(user).toMatchObject({ passwordHash: 'own', mustChangePassword: false, passwordChangedAt: NOW });
  });

  it('tells of leaving and coming back once each', () => {
    const user = aUser();
    expect(told(user)).toEqual(['users.created']);
    user.activate();
    expect(told(user)).toEqual([]);
    user.deactivate();
    user.deactivate();
    expect(told(user)).toEqual(['users.deactivated']);
    user.activate();
    expect([user.status, told(user)]).toEqual(['active', ['users.activated']]);
  });

  it('tells nobody of a hash that was only made anew', () => {
    const user = aUser({ passwordHash: 'weak' });
    told(user);
    user.rehash('strong');
    expect([user.passwordHash, told(user)]).toEqual(['strong', []]);
  });
});
