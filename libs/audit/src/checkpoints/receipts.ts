import { Clock } from '@app/kernel';
import { currentTenantId, type Departure, DeparturePort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChainQueries } from '../verification/chain.queries.js';
import { CheckpointFile } from './checkpoint-file.js';
import { CheckpointSigner } from './checkpoint-signer.js';

/**
 * What stays of a deleted tenant: the signed head of its trail, in the file that keeps the checkpoints, aside. It proves that
 * an export made before is whole, and names nobody.
 */
@Injectable()
@Provides(DeparturePort)
export class Receipts implements Departure {
  constructor(
    private readonly chain: ChainQueries,
    private readonly file: CheckpointFile,
    private readonly signer: CheckpointSigner,
    private readonly clock: Clock,
  ) {}

  async leave(): Promise<void> {
    const tenantId = currentTenantId();
    const { seq, link, genesis } = await this.chain.head();
    const at = this.clock.now().toISOString();
    await this.file.retire(this.signer.sign({ tenantId, seq, link: (link ?? genesis).toString('hex'), at }));
  }
}
