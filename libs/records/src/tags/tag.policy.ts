import { definePermissions } from '@app/kernel';

export const TagPermissions = definePermissions('tags', {
  read: 'See the tags, and those of records that one may read.',
  apply: 'Tag records that one may change.',
  manage: 'Make, rename and remove tags.',
});
