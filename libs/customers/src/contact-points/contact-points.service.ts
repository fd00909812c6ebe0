import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ContactPointNotFound } from '../customer.errors.js';
import { CustomersQueries } from '../customers.queries.js';
import { CustomersService } from '../customers.service.js';
import type { ContactPoint, ContactPointDraft, ContactPointEdit } from './contact-point.js';
import { toPointView, type VersionedContactPointView } from './contact-points.dto.js';

/** The contact points of one customer; they are parts of its row and share its version. */
@Injectable()
export class ContactPointsService {
  constructor(
    private readonly customers: CustomersService,
    private readonly queries: CustomersQueries,
  ) {}

  /** @throws RecordNotFound, ContactPointNotFound */
  async view(customerId: string, pointId: string): Promise<VersionedContactPointView> {
    return pointIn(await this.queries.view(customerId), pointId);
  }

  /** @throws ContactPointExists, TooManyContactPoints, EmailTaken */
  async add(customerId: string, draft: ContactPointDraft, version?: number): Promise<VersionedContactPointView> {
    const pointId = newId();
    return pointIn(
      await this.customers.update(customerId, version, (customer) => customer.addContactPoint(draft, pointId)),
      pointId,
    );
  }

  /** @throws ContactPointNotFound, ContactPointExists, EmailTaken */
  async edit(
    customerId: string,
    pointId: string,
    edit: ContactPointEdit,
    version?: number,
  ): Promise<VersionedContactPointView> {
    return pointIn(
      await this.customers.update(customerId, version, (customer) => customer.editContactPoint(pointId, edit)),
      pointId,
    );
  }

  async remove(customerId: string, pointId: string, version?: number): Promise<void> {
    await this.customers.update(customerId, version, (customer) => customer.removeContactPoint(pointId));
  }
}

function pointIn(
  customer: { contactPoints: readonly ContactPoint[]; version: number },
  pointId: string,
): VersionedContactPointView {
  const point = customer.contactPoints.find(({ id }) => id === pointId);
  if (!point) throw new ContactPointNotFound(pointId);
  return toPointView(point, customer.version);
}
