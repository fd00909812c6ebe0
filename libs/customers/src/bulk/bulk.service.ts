import { Forbidden, type Permission } from '@app/kernel';
import { currentActor, Denials, type Denied, InputPipe, toProblem } from '@app/platform';
import { Injectable, type Type } from '@nestjs/common';
import { PermissionMissing } from '../customer.errors.js';
import type { Customer } from '../customer.entity.js';
import { CustomerPermissions } from '../customer.policy.js';
import {
  AssignCustomer,
  CreateCustomer,
  MoveCustomer,
  PatchCustomer,
  TrashCustomer,
  toNewCustomer,
  toPatch,
} from '../customers.dto.js';
import { CustomersService } from '../customers.service.js';
import { NewcomersService } from '../duplicates/newcomers.service.js';
import type { BulkAnswer, BulkOperation, BulkResult, BulkVerb } from './bulk.dto.js';

const NEEDED: Record<BulkVerb, Permission> = {
  create: CustomerPermissions.create,
  update: CustomerPermissions.update,
  status: CustomerPermissions.update,
  assign: CustomerPermissions.assign,
  trash: CustomerPermissions.delete,
  restore: CustomerPermissions.restore,
};

const HERE: Denied = { method: 'POST', route: '/api/v1/customers/bulk', path: '/api/v1/customers/bulk' };

/** Many operations in one request, each by itself: one that is refused leaves the others as they are. */
@Injectable()
export class BulkService {
  private readonly input = new InputPipe();

  constructor(
    private readonly customers: CustomersService,
    private readonly newcomers: NewcomersService,
    private readonly denials: Denials,
  ) {}

  /** In order, so that an operation sees what those before it did. */
  async run(operations: readonly BulkOperation[]): Promise<BulkAnswer> {
    const data: BulkResult[] = [];
    const denied = new Map<string, Forbidden>();
    for (const [index, operation] of operations.entries()) data.push(await this.attempt(operation, index, denied));
    for (const refusal of denied.values()) await this.denials.record(HERE, refusal);
    const failed = data.filter(({ problem }) => problem).length;
    return { data, meta: { total: data.length, succeeded: data.length - failed, failed } };
  }

  /** `denied` collects what was refused for lack of a right, each verb once. */
  private async attempt(operation: BulkOperation, index: number, denied: Map<string, Forbidden>): Promise<BulkResult> {
    const { op, id } = operation;
    try {
      if (!currentActor().can(NEEDED[op])) throw new PermissionMissing(NEEDED[op].name);
      const customer = await this.perform(operation);
      return {
        index,
        op,
        status: op === 'create' ? 201 : 200,
        id: customer.id,
        version: customer.version,
        problem: null,
      };
    } catch (error) {
      if (error instanceof Forbidden) denied.set(op, error);
      const { status, code, detail, errors } = toProblem(error, '', '').problem;
      if (status >= 500) throw error;
      return { index, op, status, id: id ?? null, version: null, problem: { code, detail, ...(errors && { errors }) } };
    }
  }

  private async perform({ op, id = '', version, data = {} }: BulkOperation): Promise<Customer> {
    switch (op) {
      case 'create':
        return this.newcomers.create(toNewCustomer(await this.read(CreateCustomer, data)));
      case 'update':
        return this.customers.patch(id, toPatch(await this.read(PatchCustomer, data)), version);
      case 'status': {
        const { status, reason } = await this.read(MoveCustomer, data);
        return this.customers.moveTo(id, status, reason || null, version);
      }
      case 'assign':
        return this.customers.assign(id, (await this.read(AssignCustomer, data)).userId, version);
      case 'trash':
        return this.customers.trash(id, (await this.read(TrashCustomer, data)).reason || null, version);
      case 'restore':
        return this.customers.restore(id, version);
    }
  }

  private async read<T>(metatype: Type<T>, data: Record<string, unknown>): Promise<T> {
    return (await this.input.transform(data, { type: 'body', metatype })) as T;
  }
}
