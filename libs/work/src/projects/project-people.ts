import { AuthFacade } from '@app/auth';
import { CustomersFacade } from '@app/customers';
import { currentActor, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Project, ProjectDocument } from './project.entity.js';
import { MemberUnavailable, OwnerUnavailable, ProjectCustomerNotFound } from './project.errors.js';

/** Whether those whom a project names are there. */
@Injectable()
export class ProjectPeople {
  constructor(
    private readonly auth: AuthFacade,
    private readonly customers: CustomersFacade,
  ) {}

  /** Who is named already is not asked about again. @throws ProjectCustomerNotFound, OwnerUnavailable */
  async assertNamed({ customerId, ownerId }: Partial<ProjectDocument>, project?: Project): Promise<void> {
    if (ownerId && ownerId !== project?.ownerId && !(await this.auth.userExists(ownerId))) throw new OwnerUnavailable();
    if (!customerId || customerId === project?.customerId) return;
    await this.customers.assertReadable(currentActor(), customerId).catch((error: unknown) => {
      throw error instanceof RecordNotFound ? new ProjectCustomerNotFound() : error;
    });
  }

  /** @throws MemberUnavailable */
  async assertMember(userId: string): Promise<void> {
    if (!(await this.auth.userExists(userId))) throw new MemberUnavailable(userId);
  }
}
