import { Clock } from '@app/kernel';
import { Config, SignedLinks } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FileLinkUnknown } from './file.errors.js';
import { LINK_LIFE_MS } from './file.policy.js';

export type Linked = { readonly tenantId: string; readonly versionId: string };

/** Links that lead to one version of a file without a login: signed, and soon over. */
@Injectable()
export class FileLinks {
  private readonly links: SignedLinks;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.links = new SignedLinks(config.JWT_SECRET, 'nexus file links 1', LINK_LIFE_MS);
  }

  sign({ tenantId, versionId }: Linked): { token: string; expiresAt: Date } {
    return this.links.sign({ tenantId, id: versionId }, this.clock.now());
  }

  /** @throws FileLinkUnknown */
  read(token: string): Linked {
    const linked = this.links.read(token, this.clock.now());
    if (!linked) throw new FileLinkUnknown();
    return { tenantId: linked.tenantId, versionId: linked.id };
  }
}
