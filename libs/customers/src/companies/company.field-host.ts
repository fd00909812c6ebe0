import { type FieldHost, FieldHostPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CompanyList } from './companies.list.js';

/** Tenants keep of companies what they want to. */
@Injectable()
@Provides(FieldHostPort)
export class CompanyFieldHost implements FieldHost {
  readonly records = { kind: 'companies', from: 'companies o' };
  readonly list = CompanyList;
}
