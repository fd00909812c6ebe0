import { Readable } from 'node:stream';
import { Clock } from '@app/kernel';
import { currentActor, currentRequestId, currentTenantId, Database, runAs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CheckpointSigner } from '../checkpoints/checkpoint-signer.js';
import { rowText } from '../sealing/canonical.js';
import { ChainQueries, type Head } from '../verification/chain.queries.js';

const PAGE = 1000;

// The texts are those that were hashed, so that whoever checks the export needs no PostgreSQL to write them the same.
const ROWS = `select s.seq, case when l.id is not null then ${rowText('l')} end as row, s.salt, l.before::text as before, l.after::text as after,
    l.erased_at as "erasedAt", encode(s.row_hash, 'hex') as "rowHash", encode(s.before_hash, 'hex') as "beforeHash",
    encode(s.after_hash, 'hex') as "afterHash", encode(s.link, 'hex') as link
  from audit_seals s left join audit_log l on l.tenant_id = s.tenant_id and l.id = s.audit_id
  where s.tenant_id = $1 and s.seq > $2 and s.seq <= $3 order by s.seq limit ${PAGE}`;

type SealedRow = { readonly seq: number };
type Reader = (after: number, to: number) => Promise<SealedRow[]>;

/**
 * The current tenant's chain as lines that prove themselves. Each `link` is the SHA-256 of the one before it (of `genesis`
 * at first), the row's hash and the two payload hashes, or 32 zero bytes where there is none; `rowHash` is that of `row`,
 * a payload's that of the salt's 16 bytes and the payload's text. The proof's signature is over the last link.
 */
@Injectable()
export class AuditExport {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly chain: ChainQueries,
    private readonly signer: CheckpointSigner,
  ) {}

  /** Up to what is sealed at the moment. Put on record before the first line leaves. */
  async stream(): Promise<Readable> {
    const head = await this.chain.head();
    await this.db.audit('audit_log', currentTenantId(), 'exported', { after: { upToSeq: head.seq } });
    return Readable.from(this.lines(head, currentTenantId(), this.reader()), { objectMode: false });
  }

  private async *lines(head: Head, tenantId: string, read: Reader): AsyncGenerator<string> {
    const { genesis, link, seq, unsealed } = head;
    yield line({ kind: 'head', tenantId, upToSeq: seq, unsealed, genesis: genesis.toString('hex') });
    for (let after = 0; after < seq;) {
      const rows = await read(after, seq);
      yield rows.map((row) => line({ kind: 'row', ...row })).join('');
      after = rows.at(-1)?.seq ?? seq;
    }
    const at = this.clock.now().toISOString();
    const checkpoint = this.signer.sign({ tenantId, seq, link: (link ?? genesis).toString('hex'), at });
    yield line({ kind: 'proof', checkpoint, publicKey: this.signer.publicKey });
  }

  /** A stream is read on in whatever scope its consumer has: each page is asked for in that of whoever began. */
  private reader(): Reader {
    const [actor, requestId] = [currentActor(), currentRequestId()];
    return (after, to) => runAs(actor, requestId, () => this.db.query<SealedRow>(ROWS, [actor.tenantId, after, to]));
  }
}

const line = (told: object): string => `${JSON.stringify(told)}\n`;
