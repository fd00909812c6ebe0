import { currentActor, currentTenantId, Database, onConstraint, SecretsAtRest } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered } from '../access/grants.js';
import { RoleAssignments } from '../roles/role-assignments.js';
import { Administrators } from '../users/administrators.js';
import { placeOfClientSecret, type ProviderSettings, SsoProvider } from './sso-provider.entity.js';
import { DomainTaken, ProviderExists, RequiredUnproven } from './sso.errors.js';

export type ProviderFields = Partial<ProviderSettings> & {
  clientSecret?: string | null;
  domains?: readonly string[];
  roles?: readonly string[];
};

const GIVES = `select distinct unnest(r.grants) as grant from sso_provider_roles l
  join roles r on r.tenant_id = l.tenant_id and r.id = l.role_id where l.provider_id = $1`;

const LETS_NOBODY_IN = `select 1 from sso_providers p where p.tenant_id = $1 and p.id = $2 and p.is_enabled and p.is_required
  and not exists (select 1 from sso_domains d where d.tenant_id = p.tenant_id and d.provider_id = p.id and d.verified_at is not null)`;

export const domainTaken = onConstraint('sso_domains_domain_is_free', () => new DomainTaken());
const domainOwn = onConstraint('sso_domains_pkey', () => new DomainTaken());
const providerExists = onConstraint('sso_providers_client_is_one', () => new ProviderExists());

/** Identity providers of the tenant. Nobody sets one up that brings in people who may do more than they. */
@Injectable()
export class SsoProvidersService {
  constructor(
    private readonly db: Database,
    private readonly secrets: SecretsAtRest,
    private readonly roles: RoleAssignments,
    private readonly administrators: Administrators,
  ) {}

  /** @throws AddressRefused, DomainTaken, ProviderExists, RoleUnknown, ExceedsOwnGrants, NoBreakGlass, RequiredUnproven */
  async register(settings: ProviderSettings, fields: ProviderFields): Promise<string> {
    const provider = SsoProvider.register(settings);
    provider.keepSecret(this.sealed(provider.id, fields.clientSecret ?? null));
    await this.written(async () => {
      await this.db.create(provider);
      await this.relate(provider.id, fields);
      await this.assertLetsIn(provider.id);
    });
    return provider.id;
  }

  /** What is absent stays as it is. @throws as `register`, RecordNotFound, VersionConflict */
  async edit(id: string, version: number | undefined, fields: ProviderFields): Promise<void> {
    const { clientSecret, domains: _, roles: __, ...settings } = fields;
    await this.written(async () => {
      await this.db.change(SsoProvider, id, version, (provider) => {
        provider.settle(settings);
        if (clientSecret !== undefined) provider.keepSecret(this.sealed(id, clientSecret));
      });
      await this.relate(id, fields);
      await this.assertLetsIn(id);
    });
  }

  /** The identities that it vouched for go with it; the accounts stay. @throws RecordNotFound, ExceedsOwnGrants */
  async remove(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      const provider = await this.db.lock(SsoProvider, id, version);
      await this.assertMayTouch(id);
      await this.db.remove(provider);
    });
  }

  private async written(work: () => Promise<void>): Promise<void> {
    await this.administrators.keepOne(work).catch(domainTaken).catch(domainOwn).catch(providerExists);
  }

  /** Who points a provider elsewhere decides who comes in by it: that takes what it gave before, too. */
  private async relate(id: string, { domains, roles }: ProviderFields): Promise<void> {
    await this.assertMayTouch(id);
    if (domains) {
      await this.db.query('delete from sso_domains where provider_id = $1 and domain <> all ($2)', [id, domains]);
      await this.db.query(
        `insert into sso_domains (provider_id, domain) select $1, one from unnest($2::text[]) one
         where not exists (select 1 from sso_domains d where d.provider_id = $1 and d.domain = one)`,
        [id, [...new Set(domains)]],
      );
    }
    if (!roles) return;
    const ids = await this.roles.giveable(roles);
    await this.db.query('delete from sso_provider_roles where provider_id = $1 and role_id <> all ($2::uuid[])', [
      id,
      ids,
    ]);
    await this.db.query(
      'insert into sso_provider_roles (provider_id, role_id) select $1, unnest($2::uuid[]) on conflict do nothing',
      [id, ids],
    );
  }

  private async assertLetsIn(id: string): Promise<void> {
    if (await this.db.one(LETS_NOBODY_IN, [currentTenantId(), id])) throw new RequiredUnproven();
  }

  /** @throws ExceedsOwnGrants */
  async assertMayTouch(id: string): Promise<void> {
    const gives = await this.db.query<{ grant: string }>(GIVES, [id]);
    assertCovered(
      currentActor(),
      gives.map(({ grant }) => grant),
    );
  }

  private sealed(id: string, secret: string | null): string | null {
    return secret && this.secrets.seal(secret, placeOfClientSecret(currentTenantId(), id));
  }
}
