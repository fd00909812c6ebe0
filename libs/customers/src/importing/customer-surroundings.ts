import { type ImportValues, Ports, TeamRollPort } from '@app/platform';
import { CustomFields, type FieldEntry, type FieldValues } from '@app/records';
import { Injectable } from '@nestjs/common';
import { OWN } from '../customer-document.js';
import { textOf } from './customer-fields.js';
import { CustomerMatches, emailOf } from './customer-matches.js';

/** What is there already, for all rows at once. */
export type Surroundings = {
  readonly teams: ReadonlySet<string>;
  /** By address whose it is. */
  readonly owners: ReadonlyMap<string, string>;
  /** By row what it gives to the tenant's own fields; none where it names none of them. */
  readonly entries: readonly (FieldEntry | undefined)[];
};

/** What rows are held against; the statements do not grow with them. */
@Injectable()
export class CustomerSurroundings {
  constructor(
    private readonly ports: Ports,
    private readonly matches: CustomerMatches,
    private readonly fields: CustomFields,
  ) {}

  async of(rows: readonly ImportValues[]): Promise<Surroundings> {
    const owners = await this.matches.ownersOf(rows.flatMap((values) => emailOf(values) ?? []));
    return { owners, teams: await this.teams(rows), entries: await this.entries(rows) };
  }

  private async teams(rows: readonly ImportValues[]): Promise<Set<string>> {
    const named = [...new Set(rows.flatMap((values) => textOf(values, 'teamId')?.toLowerCase() ?? []))];
    const asked = named.filter((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id));
    const known = await Promise.all(this.ports.all(TeamRollPort).map((roll) => roll.existingTeams(asked)));
    return new Set(known.flat());
  }

  private async entries(rows: readonly ImportValues[]): Promise<readonly (FieldEntry | undefined)[]> {
    const given = rows.map(ownOf);
    if (given.every((values) => !values)) return [];
    const entries = await this.fields.entries(
      'customers',
      given.map((values) => values ?? {}),
    );
    return entries.map((entry, at) => (given[at] ? entry : undefined));
  }
}

function ownOf(values: ImportValues): FieldValues | undefined {
  const own = Object.entries(values).filter(([name]) => name.startsWith(OWN));
  return own.length ? Object.fromEntries(own.map(([name, value]) => [name.slice(OWN.length), value])) : undefined;
}
