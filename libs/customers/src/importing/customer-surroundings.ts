import { idCell, type ImportValues, Ports, TeamRollPort } from '@app/platform';
import { type FieldEntry, ImportedFields } from '@app/records';
import { Injectable } from '@nestjs/common';
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
    private readonly fields: ImportedFields,
  ) {}

  async of(rows: readonly ImportValues[]): Promise<Surroundings> {
    const owners = await this.matches.ownersOf(rows.flatMap((values) => emailOf(values) ?? []));
    return { owners, teams: await this.teams(rows), entries: await this.fields.entries('customers', rows) };
  }

  private async teams(rows: readonly ImportValues[]): Promise<Set<string>> {
    const asked = [...new Set(rows.flatMap((values) => idCell(values, 'teamId') ?? []))];
    const known = await Promise.all(this.ports.all(TeamRollPort).map((roll) => roll.existingTeams(asked)));
    return new Set(known.flat());
  }
}
