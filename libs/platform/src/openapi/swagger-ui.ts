import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

export type DemoLogin = { label: string; email: string };

const PATH = 'api-docs';

/** Serves the UI and the document; `logins` (the demo only) adds a "Login as…" choice that authorises the page. */
export function serveSwagger(app: INestApplication, document: OpenAPIObject, logins: readonly DemoLogin[], password: string | undefined): void {
  SwaggerModule.setup(PATH, app, document, {
    useGlobalPrefix: false,
    jsonDocumentUrl: `${PATH}-json`,
    yamlDocumentUrl: `${PATH}-yaml`,
    customSiteTitle: 'Nexus API',
    customJsStr: logins.length && password ? loginAs(logins, password) : '',
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      filter: true,
      tryItOutEnabled: true,
      deepLinking: true,
      docExpansion: 'none',
      defaultModelsExpandDepth: -1,
      requestSnippetsEnabled: true,
    },
  });
  SwaggerModule.setup('api/v1/openapi', app, document, { ui: false, raw: ['json'], jsonDocumentUrl: 'api/v1/openapi.json' });
}

/** Runs in the browser, on Swagger UI's page. */
const loginAs = (logins: readonly DemoLogin[], password: string): string => `
window.addEventListener('load', () => {
  const logins = ${JSON.stringify(logins)};
  const password = ${JSON.stringify(password)};
  const place = () => {
    const bar = document.querySelector('.swagger-ui .topbar-wrapper, .swagger-ui .scheme-container .schemes');
    if (!bar || !window.ui) return setTimeout(place, 100);
    const select = document.createElement('select');
    select.id = 'login-as';
    select.style.marginLeft = '1em';
    select.append(new Option('Login as…', ''));
    for (const { label, email } of logins) select.append(new Option(label, email));
    select.addEventListener('change', async () => {
      if (!select.value) return;
      const answer = await fetch('/api/v1/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: select.value, password }) });
      const body = await answer.json();
      if (answer.ok) window.ui.preauthorizeApiKey('bearer', body.accessToken);
      select.title = answer.ok ? 'Authorised as ' + select.value : body.detail;
      select.dataset.state = answer.ok ? 'authorised' : 'refused';
    });
    bar.append(select);
  };
  place();
});`;
