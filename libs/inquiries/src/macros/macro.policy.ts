import { definePermissions } from '@app/kernel';

export const MacroPermissions = definePermissions('macros', {
  read: 'Use the canned answers of everybody and of one’s own teams.',
  manage: { description: 'Write canned answers: own ones and one’s teams’, or all.', scoped: true },
});
