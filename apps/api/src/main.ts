import { loadConfig, runApp } from '@app/platform';
import { contextsOf } from '../../contexts.js';
import { createApi } from './create-api.js';

void runApp(async () => {
  const config = loadConfig();
  const app = await createApi(config, contextsOf(config.CONTEXTS));
  await app.listen(config.PORT, '0.0.0.0');
  return app;
});
