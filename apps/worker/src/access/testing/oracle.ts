import { Actor, type Permission, type Scope } from '@app/kernel';
import { ABOVE, type Fact, type Kind, type Person, type Place, type Standing, type Team, type World } from './world.js';

/** Somebody of one world: the actor as the product sees it, and where they stand. */
export type Somebody = { readonly world: World; readonly actor: Actor; readonly places: readonly Place[] };

/** The product's actor of somebody who stands there and holds these grants. */
export function somebodyAt({ world, places, reached }: Standing, grants: Iterable<string>): Somebody {
  const teams = places.map(({ team }) => world.teams[team]);
  const actor = new Actor(world.people.me, world.id, 'Me', new Set(grants), teams, 'user', null, {
    reachedTeams: reached,
  });
  return { world, places, actor };
}

/** Who is in which team. */
const MEMBERS: Readonly<Record<Team, Person>> = { a: 'colleague', b: 'stranger' };
const READING_INQUIRIES = 'inquiries:read';

type Ask = { readonly somebody: Somebody; readonly permission: Permission; readonly scope: Scope };

/**
 * What the design says of every kind of record, in words of its own: no line of it is the product's, which is the point of
 * comparing the two.
 */
const REACHES: Readonly<Record<Kind, (fact: Fact, ask: Ask) => boolean>> = {
  customers: (fact, ask) =>
    isOwn(fact, ask) ||
    (ask.scope === 'team' &&
      (isOfReachedTeam(fact, ask) || isOfMember(fact.createdBy, ask) || isOfMember(fact.assignedTo, ask))) ||
    (ask.permission.name === 'customers:read' && isBehindMyInquiry(fact, ask)),
  inquiries: isOwnOrOfTeam,
  responses: (fact, ask) =>
    fact.createdBy === 'me' ||
    (fact.of !== null && !fact.of.isTrashed && (ask.scope === 'all' || isOwnOrOfTeam(fact.of, ask))),
  approvals: (fact, ask) => fact.createdBy === 'me' || (ask.scope === 'team' && isOfReachedTeam(fact, ask)),
  mail: (fact, ask) =>
    (ask.scope === 'team' ? isOfReachedTeam(fact, ask) : isOfMyTeam(fact, ask)) || isOfReadableInquiry(fact, ask),
  deals: isOwnOrOfTeam,
  leads: isOwnOrOfTeam,
  macros: (fact, ask) =>
    ask.scope === 'team' ? isOfReachedTeam(fact, ask) : isOfMyTeam(fact, ask) && fact.createdBy === 'me',
  projects: (fact, ask) => isMyProject(fact) || (ask.scope === 'team' && isOfReachedTeam(fact, ask)),
  tasks: (fact, ask) =>
    isOwn(fact, ask) ||
    (ask.permission.name === 'tasks:read' && fact.of !== null && isMyProject(fact.of)) ||
    (ask.scope === 'team' &&
      (isOfReachedTeam(fact, ask) || isOfMember(fact.createdBy, ask) || isOfMember(fact.assignedTo, ask))),
  worklogs: (fact, ask) => fact.createdBy === 'me' || (ask.scope === 'team' && isOfMember(fact.createdBy, ask)),
};

/** Whether somebody reaches a record by a permission. */
export function mayReach(somebody: Somebody, permission: Permission, fact: Fact): boolean {
  if (fact.tenant !== somebody.world || fact.isTrashed) return false;
  const scope = widest(somebody.actor, permission.name);
  if (!scope) return false;
  return scope === 'all' || REACHES[fact.kind](fact, { somebody, permission, scope });
}

function isOwnOrOfTeam(fact: Fact, ask: Ask): boolean {
  return isOwn(fact, ask) || (ask.scope === 'team' && (isOfReachedTeam(fact, ask) || isOfMember(fact.assignedTo, ask)));
}

const widest = ({ grants }: Actor, name: string): Scope | undefined =>
  (['all', 'team', 'own'] as const).find((scope) => grants.includes(`${name}_${scope}`));

const isOfMyTeam = ({ team }: Fact, { somebody }: Ask): boolean =>
  team !== null && somebody.places.some((place) => place.team === team);

const isOfReachedTeam = ({ team }: Fact, ask: Ask): boolean => team !== null && isReached(team, ask);

const isOfMember = (person: Person | null, ask: Ask): boolean =>
  (Object.keys(MEMBERS) as Team[]).some((team) => MEMBERS[team] === person && isReached(team, ask));

/** Climbs from the team: it is mine, or one above it is led by me. */
function isReached(team: Team, { somebody }: Ask): boolean {
  if (somebody.places.some((place) => place.team === team)) return true;
  for (let above = ABOVE[team]; above; above = ABOVE[above])
    if (somebody.places.some((place) => place.team === above && place.leads)) return true;
  return false;
}

/** Begun by me, or mine to answer for. */
const isMyProject = ({ createdBy, assignedTo }: Fact): boolean => createdBy === 'me' || assignedTo === 'me';

const isOwn = (fact: Fact, ask: Ask): boolean =>
  fact.createdBy === 'me' || fact.assignedTo === 'me' || (fact.assignedTo === null && isOfMyTeam(fact, ask));

const isBehindMyInquiry = (customer: Fact, ask: Ask): boolean =>
  widest(ask.somebody.actor, READING_INQUIRIES) !== undefined &&
  customer.tenant.of('inquiries').some((one) => one.of === customer && !one.isTrashed && isOwn(one, ask));

function isOfReadableInquiry({ of }: Fact, ask: Ask): boolean {
  const scope = widest(ask.somebody.actor, READING_INQUIRIES);
  if (!of || of.isTrashed || !scope) return false;
  return scope === 'all' || isOwnOrOfTeam(of, { ...ask, scope });
}
