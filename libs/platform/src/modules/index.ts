export {
  type ContextDefinition,
  ContextsUnresolved,
  defineContext,
  LoadedContexts,
  resolveContexts,
} from './context.js';
export { ModulesController } from './modules.controller.js';
