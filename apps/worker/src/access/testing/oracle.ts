import type { Actor, Permission, Scope } from '@app/kernel';
import type { Fact, Kind, Person, Team, World } from './world.js';

/** Somebody of one world: the actor as the product sees it, and which teams that means. */
export type Somebody = { readonly world: World; readonly actor: Actor; readonly teams: readonly Team[] };

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
      (isOfMyTeam(fact, ask) || isOfMember(fact.createdBy, ask) || isOfMember(fact.assignedTo, ask))) ||
    (ask.permission.name === 'customers:read' && isBehindMyInquiry(fact, ask)),
  inquiries: isOwnOrOfTeam,
  responses: (fact, ask) =>
    fact.createdBy === 'me' ||
    (fact.of !== null && !fact.of.isTrashed && (ask.scope === 'all' || isOwnOrOfTeam(fact.of, ask))),
  approvals: (fact, ask) => fact.createdBy === 'me' || (ask.scope === 'team' && isOfMyTeam(fact, ask)),
  mail: (fact, ask) => isOfMyTeam(fact, ask) || isOfReadableInquiry(fact, ask),
  deals: isOwnOrOfTeam,
  leads: isOwnOrOfTeam,
  macros: (fact, ask) => isOfMyTeam(fact, ask) && (ask.scope === 'team' || fact.createdBy === 'me'),
  projects: (fact, ask) => isMyProject(fact) || (ask.scope === 'team' && isOfMyTeam(fact, ask)),
  tasks: (fact, ask) =>
    isOwn(fact, ask) ||
    (ask.permission.name === 'tasks:read' && fact.of !== null && isMyProject(fact.of)) ||
    (ask.scope === 'team' &&
      (isOfMyTeam(fact, ask) || isOfMember(fact.createdBy, ask) || isOfMember(fact.assignedTo, ask))),
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
  return isOwn(fact, ask) || (ask.scope === 'team' && (isOfMyTeam(fact, ask) || isOfMember(fact.assignedTo, ask)));
}

const widest = ({ grants }: Actor, name: string): Scope | undefined =>
  (['all', 'team', 'own'] as const).find((scope) => grants.includes(`${name}_${scope}`));

const isOfMyTeam = ({ team }: Fact, { somebody }: Ask): boolean => team !== null && somebody.teams.includes(team);

const isOfMember = (person: Person | null, { somebody }: Ask): boolean =>
  somebody.teams.some((team) => MEMBERS[team] === person);

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
