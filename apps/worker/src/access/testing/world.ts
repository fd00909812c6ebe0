import { newId } from '@app/kernel';
import type { Slice } from '@app/platform/testing';

/** Whom a record names: the actor, somebody of team A, somebody of team B. */
export type Person = 'me' | 'colleague' | 'stranger';
export type Team = 'a' | 'b';
export type Kind =
  | 'customers'
  | 'inquiries'
  | 'responses'
  | 'approvals'
  | 'mail'
  | 'macros'
  | 'deals'
  | 'leads'
  | 'projects'
  | 'tasks'
  | 'worklogs';

/** Which team stands below which. */
export const ABOVE: Readonly<Record<Team, Team | null>> = { a: null, b: 'a' };
/** Where somebody is a member, and where they lead. */
export type Place = { readonly team: Team; readonly leads: boolean };
/** Everywhere that somebody may stand: a lead of the lower team leads nothing above it. */
export const PLACES: readonly (readonly Place[])[] = [
  [],
  [{ team: 'a', leads: false }],
  [
    { team: 'a', leads: false },
    { team: 'b', leads: false },
  ],
  [{ team: 'a', leads: true }],
  [{ team: 'b', leads: true }],
];

/** One record as what decides about it: everything else of it is alike. */
export type Fact = {
  readonly kind: Kind;
  readonly id: string;
  readonly tenant: World;
  readonly createdBy: Person | null;
  readonly assignedTo: Person | null;
  readonly team: Team | null;
  readonly isTrashed: boolean;
  /** Whose inquiry it belongs to, for an inquiry whose customer asks, for a task whose project it is in. */
  readonly of: Fact | null;
};

const PEOPLE_OF_A_WORLD: readonly Person[] = ['me', 'colleague', 'stranger'];

/** One tenant with its people and a record for every combination of those who may be named in one. */
export class World {
  readonly id = newId();
  readonly people: Readonly<Record<Person, string>> = { me: newId(), colleague: newId(), stranger: newId() };
  readonly teams: Readonly<Record<Team, string>> = { a: newId(), b: newId() };
  readonly facts: Fact[] = [];

  constructor(readonly word: string) {
    const customers = this.everyOwnership('customers', () => null);
    this.everyOwnership('deals', () => null);
    this.everyOwnership('leads', () => null);
    const inquiries = this.everyOwnership('inquiries', (index) => customers[(index * 7) % customers.length] ?? null);
    for (const [index, inquiry] of inquiries.entries()) {
      for (const createdBy of ['me', 'stranger'] as const) this.add('responses', { createdBy, of: inquiry });
      if (index % 3 === 0) this.add('mail', { team: null, of: inquiry });
    }
    const projects = PEOPLE_OF_A_WORLD.flatMap((createdBy) =>
      PEOPLE_OF_A_WORLD.flatMap((assignedTo) =>
        ([null, 'a', 'b'] as const).map((team) => this.add('projects', { createdBy, assignedTo, team })),
      ),
    );
    this.everyOwnership('tasks', (index) => (index % 3 ? (projects[(index * 7) % projects.length] ?? null) : null));
    for (const createdBy of PEOPLE_OF_A_WORLD) this.add('worklogs', { createdBy });
    for (const team of [null, 'a', 'b'] as const) {
      this.add('mail', { team });
      for (const createdBy of ['me', 'colleague', 'stranger'] as const) {
        this.add('approvals', { createdBy, team });
        this.add('macros', { createdBy, team });
      }
    }
  }

  of(kind: Kind): Fact[] {
    return this.facts.filter((fact) => fact.kind === kind);
  }

  private everyOwnership(kind: Kind, of: (index: number) => Fact | null): Fact[] {
    const made: Fact[] = [];
    for (const createdBy of ['me', 'colleague', 'stranger'] as const)
      for (const assignedTo of [null, 'me', 'colleague', 'stranger'] as const)
        for (const team of [null, 'a', 'b'] as const)
          for (const isTrashed of [false, true])
            made.push(this.add(kind, { createdBy, assignedTo, team, isTrashed, of: of(made.length) }));
    return made;
  }

  private add(kind: Kind, given: Partial<Fact>): Fact {
    const nobody = { createdBy: null, assignedTo: null, team: null, isTrashed: false, of: null };
    const fact = { ...nobody, ...given, kind, id: newId(), tenant: this };
    this.facts.push(fact);
    return fact;
  }
}

const PEOPLE = `insert into users (tenant_id, id, email, first_name)
  select $1, id, id || '@' || $2 || '.example', $2 from unnest($3::uuid[]) id`;
const TEAMS = `insert into teams (tenant_id, id, name) select $1, id, $2 || id from unnest($3::uuid[]) id`;
const BELOW = 'update teams set parent_id = $3 where tenant_id = $1 and id = $2';

const ROWS = `jsonb_to_recordset($1::jsonb) r("tenantId" uuid, id uuid, n int, word text, "createdBy" uuid, "assignedTo" uuid,
  "teamId" uuid, "isTrashed" boolean, "ofId" uuid, "customerId" uuid)`;
const TRASHED = `case when r."isTrashed" then now() end, case when r."isTrashed" then r."createdBy" end`;

/** In the order in which they refer to each other. */
const INSERTS: readonly (readonly [Kind, readonly string[]])[] = [
  [
    'customers',
    [
      `insert into customers (tenant_id, id, first_name, last_name, status, source, team_id, created_by, assigned_to, deleted_at, deleted_by)
       select r."tenantId", r.id, 'Proof', r.word, 'lead', 'test', r."teamId", r."createdBy", r."assignedTo", ${TRASHED} from ${ROWS}`,
    ],
  ],
  [
    'inquiries',
    [
      `insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, priority, channel, team_id, created_by,
         assigned_to, message_count, customer_message_count, last_customer_message_at, deleted_at, deleted_by)
       select r."tenantId", r.id, r.n, r."ofId", 'Proof ' || r.word, r.word, 'open', 'normal', 'phone', r."teamId", r."createdBy",
         r."assignedTo", 1, 1, now(), ${TRASHED} from ${ROWS}`,
    ],
  ],
  [
    'responses',
    [
      `insert into responses (tenant_id, id, inquiry_id, customer_id, message, revision, content_hash, responded_by, editors)
       select r."tenantId", r.id, r."ofId", r."customerId", r.word, 1, 'x', r."createdBy", array[r."createdBy"] from ${ROWS}`,
    ],
  ],
  [
    'approvals',
    [
      `insert into approval_requests (tenant_id, id, subject_kind, subject_id, revision, content_hash, title, team_id, requested_by, excluded, stage, required, missing)
       select r."tenantId", r.id, 'proofs.proof', r.id, 1, 'x', r.word, r."teamId", r."createdBy", array[r."createdBy"], 1, 1, 1 from ${ROWS}`,
    ],
  ],
  [
    'mail',
    [
      `insert into mailboxes (tenant_id, id, address, name, team_id)
       select r."tenantId", r.id, r.id || '@box.example', r.word, r."teamId" from ${ROWS}`,
      `insert into mails (tenant_id, id, mailbox_id, raw_hash, size, received_at, inquiry_id, subject)
       select r."tenantId", r.id, r.id, encode(sha256(r.id::text::bytea), 'hex'), 1, now(), r."ofId", r.word from ${ROWS}`,
    ],
  ],
  [
    'deals',
    [
      `insert into pipelines (tenant_id, id, name, currency) select distinct r."tenantId", r."tenantId", r.word, 'EUR' from ${ROWS}`,
      `insert into pipeline_stages (tenant_id, id, pipeline_id, name, position, probability, forecast)
       select distinct r."tenantId", r."tenantId", r."tenantId", r.word, 1, 10, 'pipeline' from ${ROWS}`,
      `insert into deals (tenant_id, id, name, pipeline_id, stage_id, rank, status, currency, probability, stage_entered_at,
         owner_id, team_id, created_by, deleted_at, deleted_by)
       select r."tenantId", r.id, 'Proof ' || r.word, r."tenantId", r."tenantId", 'i', 'open', 'EUR', 10, now(), r."assignedTo",
         r."teamId", r."createdBy", ${TRASHED} from ${ROWS}`,
    ],
  ],
  [
    'leads',
    [
      `insert into leads (tenant_id, id, name, source, status, owner_id, team_id, created_by, deleted_at, deleted_by)
       select r."tenantId", r.id, 'Proof ' || r.word, 'test', 'new', r."assignedTo", r."teamId", r."createdBy", ${TRASHED} from ${ROWS}`,
    ],
  ],
  [
    'projects',
    [
      `insert into projects (tenant_id, id, name, status, team_id, owner_id, created_by)
       select r."tenantId", r.id, r.word, 'active', r."teamId", r."assignedTo", r."createdBy" from ${ROWS}`,
    ],
  ],
  [
    'tasks',
    [
      `insert into tasks (tenant_id, id, title, status, priority, zone, project_id, team_id, assignees, created_by, deleted_at, deleted_by)
       select r."tenantId", r.id, r.word, 'todo', 'normal', 'UTC', r."ofId", r."teamId", array_remove(array[r."assignedTo"], null),
         r."createdBy", ${TRASHED} from ${ROWS}`,
    ],
  ],
  [
    'worklogs',
    [
      `insert into worklogs (tenant_id, id, user_id, description, status, started_at, ended_at, minutes, is_billable)
       select r."tenantId", r.id, r."createdBy", r.word, 'recorded', now() - interval '1 hour', now(), 60, true from ${ROWS}`,
    ],
  ],
  [
    'macros',
    [
      `insert into macros (tenant_id, id, name, body, team_id, created_by, writers)
       select r."tenantId", r.id, r.id::text, r.word, r."teamId", r."createdBy", array[r."createdBy"] from ${ROWS}`,
    ],
  ],
];

/** Writes what the worlds are made of, past every rule. */
export async function build({ superuser }: Slice, worlds: readonly World[]): Promise<void> {
  await superuser.query(`begin; select set_config('app.actor_id', '${newId()}', true)`);
  for (const { id, word, people, teams } of worlds) {
    await superuser.query('insert into tenants (tenant_id, id, slug, title) values ($1, $1, $2, $2)', [id, word]);
    await superuser.query(PEOPLE, [id, word, Object.values(people)]);
    await superuser.query(TEAMS, [id, word, Object.values(teams)]);
    for (const [team, above] of Object.entries(ABOVE) as [Team, Team | null][])
      await superuser.query(BELOW, [id, teams[team], above && teams[above]]);
    const members = [
      [teams.a, people.colleague],
      [teams.b, people.stranger],
    ];
    for (const [team, user] of members)
      await superuser.query('insert into team_members (tenant_id, team_id, user_id) values ($1, $2, $3)', [
        id,
        team,
        user,
      ]);
  }
  for (const [kind, inserts] of INSERTS) {
    const rows = worlds.flatMap((world) => world.of(kind).map(rowOf));
    for (const insert of inserts) await superuser.query(insert, [JSON.stringify(rows)]);
  }
  await superuser.query('commit; analyze');
}

export type Standing = { readonly world: World; readonly places: readonly Place[]; readonly reached: string[] };

/** Whoever may stand anywhere in these worlds, with the teams that the product says they reach. */
export async function standingsIn(slice: Slice, worlds: readonly World[]): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (const world of worlds)
    for (const places of PLACES) standings.push({ world, places, reached: await reachedFrom(slice, world, places) });
  return standings;
}

/** Nothing of what it asks stays. */
async function reachedFrom({ superuser }: Slice, world: World, places: readonly Place[]): Promise<string[]> {
  await superuser.query(`begin; select set_config('app.actor_id', '${newId()}', true)`);
  for (const { team, leads } of places)
    await superuser.query('insert into team_members (tenant_id, team_id, user_id, is_lead) values ($1, $2, $3, $4)', [
      ...[world.id, world.teams[team], world.people.me, leads],
    ]);
  const { rows } = await superuser.query<{ reached: string[] }>('select reached_teams($1, $2) as reached', [
    ...[world.id, world.people.me],
  ]);
  await superuser.query('rollback');
  return rows[0]?.reached ?? [];
}

function rowOf(
  { id, tenant, createdBy, assignedTo, team, isTrashed, of }: Fact,
  index: number,
): Record<string, unknown> {
  const person = (one: Person | null): string | null => one && tenant.people[one];
  return {
    ...{ tenantId: tenant.id, id, n: index + 1, word: tenant.word, isTrashed },
    ...{ createdBy: person(createdBy), assignedTo: person(assignedTo), teamId: team && tenant.teams[team] },
    ...{ ofId: of?.id ?? null, customerId: of?.of?.id ?? null },
  };
}
