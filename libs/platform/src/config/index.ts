export { Config, ConfigError, loadConfig, type Settings } from './config.js';
export { ConfigModule } from './config.module.js';
export { configWarnings } from './config-warnings.js';
export { readDatabaseUrls } from './database-urls.js';
export { useEnvFile } from './env-file.js';
export { redactedConfig } from './redacted-config.js';
export { renderConfigTable, renderEnvExample } from './render-config.js';
