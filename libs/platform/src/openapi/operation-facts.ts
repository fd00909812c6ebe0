import { type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS, type Access } from '../access/index.js';
import { NEVER_STORED, takesVersion } from '../http/index.js';

export type OperationFacts = {
  access: Access;
  /** Counted by the rate limits. */
  isLimited: boolean;
  /** Knows `If-Match`. */
  takesVersion: boolean;
  /** Knows `Idempotency-Key`. */
  isRepeatable: boolean;
};

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `customersList`, `responsesApprove`: clean names for generated clients. */
export const operationId = (controller: string, method: string): string =>
  lowerFirst(controller.replace(/Controller$/, '')) + upperFirst(method);

/** What the decorators say of every route, by operation id. */
export function operationFacts(app: INestApplication): Map<string, OperationFacts> {
  const discovery = app.get(DiscoveryService, { strict: false });
  const scanner = app.get(MetadataScanner, { strict: false });
  const facts = new Map<string, OperationFacts>();
  for (const { metatype } of discovery.getControllers()) {
    const controller = metatype as Type<object> | null;
    if (!controller) continue;
    for (const name of scanner.getAllMethodNames(controller.prototype as object)) {
      const known = factsOf(controller, name);
      if (known) facts.set(operationId(controller.name, name), known);
    }
  }
  return facts;
}

function factsOf(controller: Type<object>, name: string): OperationFacts | undefined {
  const handler = (controller.prototype as Record<string, object>)[name] as object;
  const said = <T>(key: string): T | undefined =>
    (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as T | undefined;
  const access = said<Access>(ACCESS);
  if (!access || !Reflect.hasMetadata('path', handler)) return undefined;
  const isPost = Reflect.getMetadata('method', handler) === RequestMethod.POST;
  return {
    access,
    isLimited: access.kind !== 'public' || access.limited,
    takesVersion: takesVersion(controller, name),
    isRepeatable: isPost && access.kind !== 'public' && !said<boolean>(NEVER_STORED),
  };
}
