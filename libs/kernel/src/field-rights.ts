/** `hidden`: neither told nor taken. `read`: told, not taken. What no rule names is told and taken. */
export const FIELD_LIMITS = ['hidden', 'read'] as const;
export type FieldLimit = (typeof FIELD_LIMITS)[number];

/** By kind of record and name of field: `{ customers: { phone: 'hidden' } }`. */
export type FieldRules = Readonly<Record<string, Readonly<Record<string, FieldLimit>>>>;

const NONE: ReadonlySet<string> = new Set();

/** What whoever acts may not see or not write of records they may otherwise read or change. Nobody has empty ones. */
export class FieldRights {
  private readonly hidden = new Map<string, ReadonlySet<string>>();
  private readonly fixed = new Map<string, ReadonlySet<string>>();

  private constructor(readonly rules: FieldRules) {
    for (const [kind, fields] of Object.entries(rules)) {
      const limits = Object.entries(fields);
      this.fixed.set(kind, new Set(limits.map(([name]) => name)));
      this.hidden.set(kind, new Set(limits.filter(([, limit]) => limit === 'hidden').map(([name]) => name)));
    }
  }

  /** Undefined where nothing is limited: then nobody asks any further. */
  static of(rules: FieldRules | undefined): FieldRights | undefined {
    const isLimited = rules && Object.values(rules).some((fields) => Object.keys(fields).length > 0);
    return isLimited ? new FieldRights(rules) : undefined;
  }

  /** The names under which fields of this kind must not be told. */
  hiddenOf(kind: string): ReadonlySet<string> {
    return this.hidden.get(kind) ?? NONE;
  }

  /** The names under which fields of this kind are not taken: the hidden ones are among them. */
  fixedOf(kind: string): ReadonlySet<string> {
    return this.fixed.get(kind) ?? NONE;
  }
}

/** What somebody with all of these roles is limited in: of each field the widest right that a role gives. */
export function widestOf(roles: readonly FieldRules[]): FieldRules {
  const [first, ...others] = roles;
  if (!first) return {};
  return others.reduce(wider, first);
}

function wider(one: FieldRules, other: FieldRules): FieldRules {
  const both = Object.entries(one).map(([kind, fields]) => {
    const theirs = other[kind] ?? {};
    const limits = Object.entries(fields).flatMap(([name, limit]): [string, FieldLimit][] => {
      const their = Object.hasOwn(theirs, name) ? theirs[name] : undefined;
      return their ? [[name, limit === 'hidden' ? their : limit]] : [];
    });
    return [kind, Object.fromEntries(limits)] as const;
  });
  return Object.fromEntries(both.filter(([, fields]) => Object.keys(fields).length > 0));
}
