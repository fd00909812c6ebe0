import type { INestApplication, Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS, type Access } from '../access/index.js';

export type OperationFacts = { access: Access };

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
      const method = (controller.prototype as Record<string, object>)[name] as object;
      const access = (Reflect.getMetadata(ACCESS, method) ?? Reflect.getMetadata(ACCESS, controller)) as Access | undefined;
      if (access && Reflect.hasMetadata('path', method)) facts.set(operationId(controller.name, name), { access });
    }
  }
  return facts;
}

