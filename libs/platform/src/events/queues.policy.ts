import { definePermissions } from '@app/kernel';

export const QueuePermissions = definePermissions('queues', { manage: 'See and redrive the queues' });
