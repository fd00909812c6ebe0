import { definePermissions } from '@app/kernel';

export const AuditPermissions = definePermissions('audit', {
  read: 'See who did what, with what stood there before and after.',
  export: 'Export the audit trail with its proof.',
  verify: 'Check that nobody has tampered with the audit trail.',
});
