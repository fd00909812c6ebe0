import { type Telling, tellingsOf } from './tells.js';

/** Of the OpenAPI document, as much as tells where in an answer or a body records stand. */
export type Schema = {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
};
export type Schemas = Readonly<Record<string, Schema>>;

/** Where records stand in a JSON value. */
export type Shape = {
  readonly tellings: Telling[];
  readonly members: Map<string, Shape>;
  items: Shape | undefined;
};

const PREFIX = '#/components/schemas/';

/** Reads schemas into shapes, each named one once, so that what holds itself ends. */
export class Shapes {
  private readonly named = new Map<string, Shape>();

  constructor(private readonly schemas: Schemas) {}

  of(schema: Schema | undefined): Shape | undefined {
    return schema && this.read(schema);
  }

  private read(schema: Schema): Shape {
    if (schema.$ref?.startsWith(PREFIX)) return this.readNamed(schema.$ref.slice(PREFIX.length));
    return this.fill(emptyShape(), schema);
  }

  private readNamed(name: string): Shape {
    const known = this.named.get(name);
    if (known) return known;
    const shape = emptyShape();
    this.named.set(name, shape);
    shape.tellings.push(...tellingsOf(name));
    return this.fill(shape, this.schemas[name] ?? {});
  }

  private fill(shape: Shape, { properties = {}, items, allOf = [], oneOf = [], anyOf = [] }: Schema): Shape {
    for (const [member, schema] of Object.entries(properties)) shape.members.set(member, this.read(schema));
    if (items) shape.items = this.read(items);
    for (const part of [...allOf, ...oneOf, ...anyOf]) merge(shape, this.read(part));
    return shape;
  }
}

const emptyShape = (): Shape => ({ tellings: [], members: new Map(), items: undefined });

/** Of one value that may be this or that: whatever either tells. */
function merge(into: Shape, from: Shape): void {
  into.tellings.push(...from.tellings);
  for (const [member, shape] of from.members) if (!into.members.has(member)) into.members.set(member, shape);
  into.items ??= from.items;
}
