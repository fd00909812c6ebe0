/** A fact, in the past tense. Payloads carry ids and plain values, never entities. */
export type EventType<P extends object> = {
  readonly name: string;
  readonly description: string;
  readonly payload?: P; // exists for the compiler only
  (payload: P): DomainEvent<P>;
};
export type DomainEvent<P extends object = object> = { readonly type: string; readonly payload: P };

/** What a listener or a job handler receives. */
export type PayloadOf<T> = T extends { readonly payload?: infer P } ? NonNullable<P> : never;

const declared = new Map<string, EventType<object>>();

/** `defineEvent<{ customerId: string }>('customers.created', '…')`. A name is declared once; `<context>.<past-participle>`. */
export function defineEvent<P extends object>(type: `${string}.${string}`, description: string): EventType<P> {
  if (declared.has(type)) throw new Error(`Event ${type} is declared twice`);
  const create = (payload: P): DomainEvent<P> => ({ type, payload });
  Object.defineProperties(create, { name: { value: type }, description: { value: description } });
  const event = create as unknown as EventType<P>;
  declared.set(type, event as unknown as EventType<object>);
  return event;
}

/** The event catalogue, by name: documentation and outgoing webhooks are made from it. */
export const declaredEvents = (): ReadonlyMap<string, EventType<object>> => declared;
