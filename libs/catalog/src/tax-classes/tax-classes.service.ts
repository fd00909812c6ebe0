import { Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaxClassInUse, TaxClassNameTaken } from './tax-class.errors.js';
import { TaxClass, type TaxClassDocument } from './tax-class.entity.js';

const taken = (name = '') => onConstraint('tax_classes_name_is_free', () => new TaxClassNameTaken(name));

/** At which taxes things are sold. */
@Injectable()
export class TaxClassesService {
  constructor(private readonly db: Database) {}

  /** @throws TaxClassNameTaken */
  create(document: TaxClassDocument): Promise<TaxClass> {
    return this.db.create(TaxClass.of(document)).catch(taken(document.name));
  }

  /** What was offered keeps the rate of that day. @throws TaxClassNameTaken */
  edit(id: string, to: Partial<TaxClassDocument>, version?: number): Promise<TaxClass> {
    return this.db.change(TaxClass, id, version, (taxClass) => taxClass.edit(to)).catch(taken(to.name));
  }

  /** @throws TaxClassInUse */
  async remove(id: string, version?: number): Promise<void> {
    const removing = this.db.transaction(async () => this.db.remove(await this.db.lock(TaxClass, id, version)));
    await removing.catch(onConstraint('products_tax_class', () => new TaxClassInUse()));
  }
}
