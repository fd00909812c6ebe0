import { Injectable, RequestMethod, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS, type Access } from './allow.js';
import { IN_PERSON } from './impersonation.js';
import { STEP_UP } from './step-up.js';

export type Route = {
  readonly controller: Type<object>;
  readonly handler: () => unknown;
  readonly name: string;
  /** `GET`; `path` is relative to the prefix: `/customers/:id`. */
  readonly method: string;
  readonly path: string;
  /** Undefined for a route that declares none, which stops the boot. */
  readonly access: Access | undefined;
  /** Whether it asks, always or of some requests, for a fresh proof of who it is. */
  readonly isSteppedUp: boolean;
  /** Whether whoever acts as somebody else is kept out. */
  readonly isInPerson: boolean;
};

/** Every route of the loaded controllers, with what its decorators say of access. */
@Injectable()
export class RouteCatalogue {
  private known: readonly Route[] | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  all(): readonly Route[] {
    this.known ??= this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (metatype ? this.routesOf(metatype as Type<object>) : []));
    return this.known;
  }

  private routesOf(controller: Type<object>): Route[] {
    const prototype = controller.prototype as Record<string, () => unknown>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (!handler || !Reflect.hasMetadata('path', handler)) return [];
      const targets = [handler, controller];
      return {
        controller,
        handler,
        name: `${controller.name}.${name}`,
        method: RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod],
        path: pathOf(controller, handler),
        access: this.reflector.getAllAndOverride<Access | undefined>(ACCESS, targets),
        isSteppedUp: this.reflector.getAllAndOverride(STEP_UP, targets) !== undefined,
        isInPerson: this.reflector.getAllAndOverride(IN_PERSON, targets) !== undefined,
      };
    });
  }
}

function pathOf(controller: object, handler: object): string {
  const parts = [controller, handler].map((target) =>
    [Reflect.getMetadata('path', target) as string | string[]].flat(),
  );
  return `/${parts
    .map(([part = '']) => part.replace(/^\/|\/$/g, ''))
    .filter(Boolean)
    .join('/')}`;
}
