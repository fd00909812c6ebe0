/** Which fields of a record a member of a shape holds; `RECORD`: the member is itself an object of its fields. */
export const RECORD = '*';
export type ToldAs = string | readonly string[];

/** What a class of `*.dto.ts` tells of one kind of record. */
export type Telling = {
  readonly kind: string;
  /** Absent: each member holds the field of its name. */
  readonly members: Readonly<Record<string, readonly string[] | typeof RECORD>> | undefined;
};

const tellings = new Map<string, Telling[]>();

/**
 * Marks a view or a body as one that holds fields of a record: all members by their own names, or those named, each with the
 * field it holds under another name. Subclasses are marked for themselves. By the name of the class, as OpenAPI knows it.
 *
 *     @Tells('customers') class CustomerView
 *     @Tells('customers', { name: ['firstName', 'lastName'], email: 'email' }) class DealCustomerRef
 *     @Tells('customers', { before: RECORD, after: RECORD }) class HistoryEntryView
 */
export const Tells =
  (kind: string, members?: Readonly<Record<string, ToldAs>>): ClassDecorator =>
  ({ name }) => {
    const told =
      members &&
      Object.fromEntries(
        Object.entries(members).map(([member, as]) => [member, as === RECORD ? RECORD : [as].flat()] as const),
      );
    const others = (tellings.get(name) ?? []).filter((one) => one.kind !== kind);
    tellings.set(name, [...others, { kind, members: told }]);
  };

export const tellingsOf = (schema: string): readonly Telling[] => tellings.get(schema) ?? [];

/** For the tests: every kind of record that some shape tells of. */
export const toldKinds = (): ReadonlySet<string> => new Set([...tellings.values()].flat().map(({ kind }) => kind));
