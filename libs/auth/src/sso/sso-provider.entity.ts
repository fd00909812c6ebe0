import { Aggregate, newId } from '@app/kernel';
import type { RestingPlace } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SsoProviderChanged } from '../events.js';
import { AddressRefused } from './sso.errors.js';

export type ProviderSettings = {
  readonly name: string;
  /** As the provider names itself; its documents are found from there (OpenID Connect Discovery, 4). */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: string;
  /** Where the provider sends people back to; our own callback unless given. */
  readonly redirectUri: string | null;
  readonly isEnabled: boolean;
  /** Whether passwords let nobody in any more but those who may break the glass. */
  readonly isRequired: boolean;
  /** Whether somebody who is not known yet gets an account. */
  readonly provisions: boolean;
};

/** Where the secret that we show to the provider rests. */
export const placeOfClientSecret = (tenantId: string, id: string): RestingPlace => ({
  tenantId,
  table: 'sso_providers',
  column: 'client_secret',
  id,
});

/** Another system that knows who the tenant's people are (OpenID Connect). */
@Entity('sso_providers')
export class SsoProvider extends Aggregate<SsoProvider> implements ProviderSettings {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly issuer: string;
  @Column('text') readonly clientId: string;
  /** Sealed; null for a public client, which PKCE alone protects. */
  @Column('text', { nullable: true }) readonly clientSecret: string | null;
  @Column('text') readonly scopes: string;
  @Column('text', { nullable: true }) readonly redirectUri: string | null;
  @Column('boolean') readonly isEnabled: boolean;
  @Column('boolean') readonly isRequired: boolean;
  @Column('boolean') readonly provisions: boolean;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static register(settings: ProviderSettings, id: string = newId()): SsoProvider {
    const provider = new SsoProvider().change({ id, clientSecret: null });
    provider.settle(settings);
    return provider;
  }

  /** What was confided to one issuer is not shown to another: its secret goes with it. @throws AddressRefused */
  settle(settings: Partial<ProviderSettings>): void {
    if (settings.issuer !== undefined) assertPlain(settings.issuer, '/issuer');
    if (settings.redirectUri) assertPlain(settings.redirectUri, '/redirectUri');
    if (settings.issuer !== undefined && settings.issuer !== this.issuer) this.change({ clientSecret: null });
    this.change(settings);
    this.raise(SsoProviderChanged({ providerId: this.id }));
  }

  /** Its domains are rows beside it; this is where their proof is told, and seen in the version. */
  proveDomain(): void {
    this.raise(SsoProviderChanged({ providerId: this.id }));
  }

  keepSecret(sealed: string | null): void {
    this.change({ clientSecret: sealed });
  }
}

/** http is for providers on private addresses; whether one may be called is decided when it is. */
function assertPlain(address: string, pointer: '/issuer' | '/redirectUri'): void {
  if (!URL.canParse(address)) throw new AddressRefused(pointer);
  const { protocol, username, password, search, hash } = new URL(address);
  const isHttp = protocol === 'https:' || protocol === 'http:';
  if (!isHttp || username || password || search || hash || /[?#]/.test(address)) throw new AddressRefused(pointer);
}
