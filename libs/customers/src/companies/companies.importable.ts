import { Clock } from '@app/kernel';
import {
  cellText,
  currentActor,
  currentTenantId,
  Database,
  type Former,
  given,
  idCell,
  type Importable,
  ImportablePort,
  ImportedRecords,
  type ImportedKind,
  type ImportedRecord,
  type ImportField,
  type ImportMatch,
  type ImportOutcome,
  type ImportPlan,
  type ImportRefusal,
  type ImportRow,
  type ImportValues,
  isDatabaseFault,
  matchRows,
  Provides,
  type RecordUndoer,
  type RowWriter,
  shapedAs,
} from '@app/platform';
import { ImportedFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { CompanyDto, PatchCompany, toCompany, toCompanyPatch } from './companies.dto.js';
import { normaliseDomain } from './company-domain.js';
import { Company, COMPANY_DOCUMENT } from './company.entity.js';
import { DomainTaken } from './company.errors.js';
import { CompanyPermissions } from './company.policy.js';

const { create, update, delete: remove } = CompanyPermissions;

const FIELDS: readonly ImportField[] = [
  { name: 'id', type: 'text', isKey: true, description: 'Finds a company; a new one gets an id of its own' },
  { name: 'name', type: 'text', isKey: true, isRequired: true, description: 'Up to 200 characters' },
  { name: 'domain', type: 'text', isKey: true, description: 'Such as okafor.example; unique in the tenant' },
];

const domainOf = (row: ImportValues): string | undefined => normaliseDomain(cellText(row, 'domain') ?? '');

type Named = { readonly id: string; readonly name: string; readonly domain: string | null };

/** Companies from files. */
@Injectable()
@Provides(ImportablePort)
export class CompaniesImportable implements Importable, ImportedKind<Company> {
  readonly kind = 'companies';
  readonly creates = create;
  readonly updates = update;
  readonly deletes = remove;
  readonly noun = 'company';
  readonly entity = Company;
  readonly required = 'name';
  readonly properties = COMPANY_DOCUMENT;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly records: ImportedRecords,
    private readonly own: ImportedFields,
  ) {}

  async fields(): Promise<readonly ImportField[]> {
    return [...FIELDS, ...(await this.own.of(this.kind))];
  }

  /** One domain is one company, and so is whatever a record is found by. */
  keysOf(row: ImportValues, { match }: ImportPlan): readonly string[] {
    const domain = domainOf(row);
    const others = match.filter((key) => key !== 'domain').map((key) => [key, cellText(row, key)?.toLowerCase()]);
    return [
      ...(domain ? [`domain:${domain}`] : []),
      ...others.flatMap(([key, value]) => (value ? [`${key}:${value}`] : [])),
    ];
  }

  async match(rows: readonly ImportValues[], plan: ImportPlan): Promise<readonly ImportMatch[]> {
    const known = await this.named(rows, plan.match);
    const idsOf = (fits: (company: Named) => boolean): string[] => known.filter(fits).map(({ id }) => id);
    const by = {
      id: new Set(known.map(({ id }) => id)),
      domain: new Map(known.map((company) => [company.domain, company.id])),
    };
    return matchRows(rows, plan, {
      ...{ noun: this.noun, unique: { domain: TAKEN }, reached: new Set(idsOf(() => true)) },
      found: (key, row) => {
        if (cellText(row, key) === undefined) return undefined;
        if (key === 'domain') return [by.domain.get(domainOf(row) ?? '')].flatMap((id) => id ?? []);
        if (key === 'name') return idsOf(({ name }) => name.toLowerCase() === cellText(row, key)?.toLowerCase());
        const id = idCell(row, 'id');
        return id && by.id.has(id) ? [id] : [];
      },
    });
  }

  write(rows: readonly ImportRow[]): Promise<readonly ImportOutcome[]> {
    return this.records.write(this, rows);
  }

  async prepare(rows: readonly ImportRow[]): Promise<RowWriter<Company>> {
    const values = rows.map((row) => row.values);
    const entries = await this.own.entries(this.kind, values);
    const owners = await this.owners(values.flatMap((row) => domainOf(row) ?? []));
    const free = (domain: string | null | undefined, id?: string): void => {
      const owner = domain && owners.get(domain);
      if (owner && owner !== id) throw new DomainTaken(domain);
    };
    const body = (row: ImportValues) => given(row, ['name', 'domain']);
    return {
      create: async (row, at) => {
        const { name, domain } = toCompany(await shapedAs(CompanyDto, body(row)));
        free(domain);
        return Company.create({ name, domain, customFields: entries[at]?.onto({}) ?? {} }, currentActor().id);
      },
      change: async (company, row, at) => {
        const patch = toCompanyPatch(await shapedAs(PatchCompany, body(row)));
        free(patch.domain, company.id);
        company.amend({ ...patch, customFields: entries[at]?.onto(company.customFields) });
      },
    };
  }

  isRace(error: unknown): boolean {
    return isDatabaseFault(error) && error.constraint === 'companies_domain_is_free';
  }

  undo(records: readonly ImportedRecord[]): Promise<readonly (ImportRefusal | undefined)[]> {
    return this.records.undo(this, records);
  }

  async prepareUndo(_: readonly Company[], former: readonly Former[]): Promise<RecordUndoer<Company>> {
    const owners = await this.owners(former.flatMap(({ domain }) => (typeof domain === 'string' ? [domain] : [])));
    const [by, now] = [currentActor().id, this.clock.now()];
    return {
      trash: (company) => company.trash(by, now),
      putBack: (company, before) => {
        const owner = before.domain && owners.get(before.domain);
        if (owner && owner !== company.id) throw new DomainTaken(before.domain ?? '');
        company.amend(before);
      },
    };
  }

  reached(ids: readonly string[]): Promise<{ changeable: ReadonlySet<string>; deletable: ReadonlySet<string> }> {
    const all = new Set(ids);
    const none = new Set<string>();
    const actor = currentActor();
    return Promise.resolve({
      changeable: actor.can(update) ? all : none,
      deletable: actor.can(remove) ? all : none,
    });
  }

  /** Whoever has one of the keys; a domain is asked for in any case, since no two have one. */
  private named(rows: readonly ImportValues[], keys: readonly string[]): Promise<Named[]> {
    const all = (pick: (row: ImportValues) => string | undefined) => [
      ...new Set(rows.flatMap((row) => pick(row) ?? [])),
    ];
    return this.db.query<Named>(
      `select o.id, o.name, o.domain from companies o where o.tenant_id = $1 and o.deleted_at is null
        and (o.id = any ($2::uuid[]) or lower(o.name) = any ($3::text[]) or o.domain = any ($4::text[]))`,
      [
        currentTenantId(),
        keys.includes('id') ? all((row) => idCell(row, 'id')) : [],
        keys.includes('name') ? all((row) => cellText(row, 'name')?.toLowerCase()) : [],
        all(domainOf),
      ],
    );
  }

  private async owners(domains: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.db.query<{ id: string; domain: string }>(
      'select o.id, o.domain from companies o where o.tenant_id = $1 and o.deleted_at is null and o.domain = any ($2::text[])',
      [currentTenantId(), domains],
    );
    return new Map(rows.map(({ id, domain }) => [domain, id]));
  }
}

const TAKEN: ImportRefusal = {
  ...{ code: new DomainTaken('').code, detail: 'Another company has this domain', field: 'domain' },
};
