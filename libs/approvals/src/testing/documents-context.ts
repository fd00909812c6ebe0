import { createHash } from 'node:crypto';
import { Aggregate, newId } from '@app/kernel';
import {
  createTenantTable,
  currentActor,
  Database,
  defineContext,
  defineFields,
  dropTables,
  type Facts,
  Provides,
} from '@app/platform';
import { Injectable, Module } from '@nestjs/common';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import {
  type ApprovalCard,
  ApprovalsFacade,
  ApprovalsModule,
  type ApprovalSubject,
  ApprovalSubjectPort,
  type SubjectDecision,
} from '../index.js';

export const DOCUMENT = 'documents.document';

/** The smallest subject there can be: what the tests of approvals ask approval for. */
@Entity('documents')
export class Document extends Aggregate<Document> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly text: string;
  @Column('int') readonly revision: number;
  @Column('text') readonly status: string;
  @Column('int') readonly version: number;

  static write(text: string): Document {
    return new Document().change({ id: newId(), text, revision: 1, status: 'draft' });
  }

  edit(text: string): void {
    this.change({ text, revision: this.revision + 1, status: 'draft' });
  }

  enter(status: string): void {
    this.change({ status });
  }

  get hash(): string {
    return createHash('sha256').update(this.text).digest('hex');
  }
}

class Documents1763700890000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const columns =
      'id uuid not null, text text not null, revision int not null, status text not null, version int not null default 1';
    await createTenantTable(q, 'documents', columns, { audit: true });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'documents');
  }
}

type Asked = { teamId?: string | null; dueAt?: Date | null; excluded?: string[]; facts?: Facts };

const FACTS = defineFields({
  priority: { type: 'enum', values: ['low', 'urgent'] },
  pages: { type: 'integer', nullable: true },
});

@Injectable()
@Provides(ApprovalSubjectPort)
export class Documents implements ApprovalSubject {
  readonly subjectKind = DOCUMENT;
  readonly facts = FACTS;

  constructor(
    private readonly db: Database,
    private readonly approvals: ApprovalsFacade,
  ) {}

  /** Written and submitted by who acts. */
  async submitted(text = 'Dear customer', asked: Asked = {}): Promise<{ id: string; request: ApprovalCard }> {
    const { id } = await this.db.create(Document.write(text));
    return { id, request: await this.submit(id, asked) };
  }

  submit(id: string, { teamId = null, dueAt = null, excluded = [], facts = {} }: Asked = {}): Promise<ApprovalCard> {
    return this.db.transaction(async () => {
      const document = await this.db.lock(Document, id);
      const { revision, hash: contentHash, text: title } = document;
      const card = await this.approvals.request({
        subjectKind: DOCUMENT,
        subjectId: id,
        revision,
        contentHash,
        title,
        teamId,
        dueAt,
        excluded: [...excluded, currentActor().id],
        facts,
      });
      document.enter(card.status);
      await this.db.save(document);
      return card;
    });
  }

  async edit(id: string, text: string): Promise<void> {
    await this.db.change(Document, id, undefined, (document) => document.edit(text));
  }

  find(id: string): Promise<Document> {
    return this.db.get(Document, id);
  }

  recall(id: string): Promise<ApprovalCard> {
    return this.approvals.recall({ subjectKind: DOCUMENT, subjectId: id });
  }

  decide({ subjectId, revision, decision, notes }: SubjectDecision): Promise<ApprovalCard> {
    return this.db.transaction(async () => {
      const document = await this.db.lock(Document, subjectId);
      const contentHash = document.hash;
      const card = await this.approvals.decide({
        subjectKind: DOCUMENT,
        subjectId,
        revision,
        contentHash,
        decision,
        notes,
      });
      document.enter(card.status);
      await this.db.save(document);
      return card;
    });
  }
}

@Module({ imports: [ApprovalsModule], providers: [Documents] })
class DocumentsApiModule {}

export const documentsContext = defineContext({
  name: 'documents',
  version: '1.0.0',
  description: 'What the tests of approvals ask approval for',
  uses: ['approvals'],
  api: DocumentsApiModule,
  entities: [Document],
  migrations: [Documents1763700890000],
  permissions: [],
});
