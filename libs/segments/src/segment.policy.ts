import { definePermissions } from '@app/kernel';

export const SegmentPermissions = definePermissions('segments', {
  read: 'See the saved audiences, and who of those one may read belongs to them',
  manage: 'Save, change and remove audiences',
});
