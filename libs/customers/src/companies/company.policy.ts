import { definePermissions } from '@app/kernel';

/** A company is nobody's own: who may see companies sees them all, of their people those within reach. */
export const CompanyPermissions = definePermissions('companies', {
  read: 'See companies.',
  create: 'Create companies.',
  update: 'Change companies, and say which customers belong to them.',
  delete: 'Put companies into the trash.',
  restore: 'See the trash and take companies out of it.',
  purge: 'Delete companies for good.',
  export: 'Export companies as a file.',
});
