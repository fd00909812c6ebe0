import { CustomersFacade } from '@app/customers';
import { customersContexts } from '@app/customers/testing';
import { newId } from '@app/kernel';
import type { Slice } from '@app/platform/testing';
import { workContext } from './index.js';
import { type NewTask, Task } from './tasks/task.entity.js';

/** work and what it uses: `bootSlice({ contexts: workContexts })`. */
export const workContexts = [...customersContexts, workContext];

/** A task as it has just been created, its first events told. */
export function aTask(over: Partial<NewTask> = {}): Task {
  const task = Task.create({ title: 'Call Mira back', zone: 'Europe/Berlin', ...over }, newId());
  task.releaseEvents();
  return task;
}

/** A customer of the current actor's tenant; to be called as somebody. */
export async function aKnownCustomer(slice: Slice, email = `mira-${newId()}@okafor.example`): Promise<string> {
  const { customerId } = await slice.get(CustomersFacade).identify({ email, name: 'Mira Okafor', source: 'test' });
  return customerId;
}
