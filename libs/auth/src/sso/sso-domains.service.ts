import { Clock } from '@app/kernel';
import { Database, RecordNotFound, TextRecords } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SsoProvider } from './sso-provider.entity.js';
import { domainTaken, SsoProvidersService } from './sso-providers.service.js';
import { DomainUnproven } from './sso.errors.js';

/** SQL over `sso_domains d`: the TXT record that proves a claim. A name of its own, so that no other record stands beside it. */
export const RECORD_NAME = `'_nexus-challenge.' || d.domain`;
export const RECORD_VALUE = `'nexus-domain-verification=' || d.challenge`;

type Claim = { readonly name: string; readonly value: string; readonly isProven: boolean };

const CLAIM = `select ${RECORD_NAME} as name, ${RECORD_VALUE} as value, d.verified_at is not null as "isProven"
  from sso_domains d where d.provider_id = $1 and d.domain = $2`;
// The claim that was read: another's of the same name has another challenge.
const PROVE = `update sso_domains d set verified_at = $4
  where d.provider_id = $1 and d.domain = $2 and ${RECORD_VALUE} = $3 and d.verified_at is null`;

/** Whose a domain is: whoever can write into its DNS. */
@Injectable()
export class SsoDomainsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly texts: TextRecords,
    private readonly providers: SsoProvidersService,
  ) {}

  /** @throws RecordNotFound, ExceedsOwnGrants, DomainUnproven, NamesUnavailable, DomainTaken */
  async verify(providerId: string, domain: string): Promise<void> {
    await this.providers.assertMayTouch(providerId);
    const claim = await this.db.one<Claim>(CLAIM, [providerId, domain]);
    if (!claim) throw new RecordNotFound('claimed domain', domain);
    if (claim.isProven) return;
    const said = await this.texts.of(claim.name);
    if (!said.includes(claim.value)) throw new DomainUnproven(claim.name, claim.value);
    const proven = this.db.transaction(async () => {
      await this.db.change(SsoProvider, providerId, undefined, (provider) => provider.proveDomain());
      await this.db.query(PROVE, [providerId, domain, claim.value, this.clock.now()]);
    });
    await proven.catch(domainTaken);
  }
}
