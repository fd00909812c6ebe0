import { newId } from '@app/kernel';
import { Database, runAsSystem, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SignedCheckpoint } from '../checkpoints/checkpoint.js';
import { CheckpointFile, type KeptOutside } from '../checkpoints/checkpoint-file.js';
import { Checkpoints } from '../checkpoints/checkpoints.service.js';
import { CheckpointSigner } from '../checkpoints/checkpoint-signer.js';
import { ChainQueries, type Head, type Link, type Place } from './chain.queries.js';
import { type CheckpointsCompared, type Fault, firstOf, type Verification } from './verification.js';

export type TenantVerification = Verification & { readonly tenantId: string };

const STRETCH = 10_000; // places checked by one statement: some 200 ms, far from its timeout
const PAGE = 50_000;

/** Follows a tenant's chain from its first link and compares it with what the checkpoints saw. O(rows), in constant memory. */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly db: Database,
    private readonly chain: ChainQueries,
    private readonly checkpoints: Checkpoints,
    private readonly file: CheckpointFile,
    private readonly signer: CheckpointSigner,
  ) {}

  /** The current tenant's trail. */
  async verify(): Promise<Verification> {
    const kept = await this.checkpoints.all(); // before the head: what is sealed meanwhile is in no checkpoint then
    const head = await this.chain.head();
    const followed = await this.follow(head);
    const compared = await this.compare(kept);
    const brokenAt = firstOf([followed.fault, compared.fault, await this.findInserted()]);
    const { rows, erased } = followed;
    const { unsealed } = head;
    return {
      valid: !brokenAt,
      rows,
      erased,
      unsealed,
      checkpoints: compared.checkpoints,
      ...(brokenAt && { brokenAt }),
    };
  }

  /** Every tenant that the database or the checkpoints know, one after the other. */
  async *verifyAllTenants(): AsyncGenerator<TenantVerification> {
    const rows = await runOutside(() => this.db.query<{ id: string }>('select audit_tenants() as id'));
    const tenants = new Set([...rows.map(({ id }) => id), ...(await this.file.tenants())]);
    for (const tenantId of [...tenants].sort()) {
      yield { tenantId, ...(await runAsSystem(tenantId, 'audit.verify', newId(), () => this.verify())) };
    }
  }

  private async follow(head: Head): Promise<{ rows: number; erased: number; fault: Fault | undefined }> {
    let place: Place = { seq: 0, link: head.genesis, latest: null };
    let [rows, erased] = [0, 0];
    for (let after = 0; after < head.seq; after += STRETCH) {
      const stretch = await this.chain.stretch(after, Math.min(after + STRETCH, head.seq), place);
      rows += stretch.rows;
      erased += stretch.erased;
      if (stretch.fault) return { rows, erased, fault: stretch.fault };
      place = stretch.place;
    }
    return { rows, erased, fault: faultOfEnd(head, place) };
  }

  /** A checkpoint that a crash has not cut off and that bears a genuine signature saw the truth. */
  private async compare(kept: KeptOutside): Promise<{ checkpoints: CheckpointsCompared; fault: Fault | undefined }> {
    const judged = kept.checkpoints.map((checkpoint) => ({ checkpoint, verdict: this.signer.check(checkpoint) }));
    const forged = judged.find(({ verdict }) => verdict === 'forged')?.checkpoint;
    const genuine = judged.filter(({ verdict }) => verdict === 'genuine').map(({ checkpoint }) => checkpoint);
    const checkpoints = {
      compared: genuine.length,
      newestSeq: genuine.at(-1)?.seq ?? null,
      isOutsideCopyFound: kept.isFound,
      unreadable: kept.unreadable + judged.filter(({ verdict }) => verdict === 'unknown_key').length,
    };
    const disproved = await this.findDisproved(genuine);
    const forgery: Fault | undefined = forged && { kind: 'forged_checkpoint', seq: forged.seq, auditId: null };
    return { checkpoints, fault: firstOf([disproved, forgery]) };
  }

  private async findDisproved(genuine: readonly SignedCheckpoint[]): Promise<Fault | undefined> {
    let agreed = 0;
    for (let start = 0; start < genuine.length; start += STRETCH) {
      const some = genuine.slice(start, start + STRETCH);
      const links = new Map((await this.chain.links(some.map(({ seq }) => seq))).map((link) => [link.seq, link]));
      for (const checkpoint of some) {
        const found = links.get(checkpoint.seq);
        if (found?.link !== checkpoint.link) return this.disprovedBetween(agreed, checkpoint.seq, found);
        agreed = checkpoint.seq;
      }
    }
    return undefined;
  }

  private async disprovedBetween(agreed: number, upToSeq: number, found: Link | undefined): Promise<Fault> {
    if (!found) return { kind: 'truncated', seq: agreed + 1, auditId: null, upToSeq };
    const [first] = await this.chain.links([agreed + 1]);
    return { kind: 'rechained', seq: agreed + 1, auditId: first?.auditId ?? null, upToSeq };
  }

  private async findInserted(): Promise<Fault | undefined> {
    const auditId = await this.chain.findInserted(PAGE);
    return auditId === undefined ? undefined : { kind: 'inserted', seq: null, auditId };
  }
}

/** The head is a second witness of where the chain ends, though one that stands in the same database. */
function faultOfEnd(head: Head, place: Place): Fault | undefined {
  if (place.seq < head.seq) return { kind: 'truncated', seq: place.seq + 1, auditId: null };
  if (head.seq > 0 && !head.link?.equals(place.link)) return { kind: 'unchained', seq: head.seq, auditId: null };
  return undefined;
}
