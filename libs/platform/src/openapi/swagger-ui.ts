import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

export type DemoLogin = { label: string; email: string };

const PATH = 'api-docs';

/**
 * A closed context shows one line, an open one its states and permissions too. Every refusal has the same shape: only the
 * first of an operation shows it.
 */
const STYLE = `
.swagger-ui .topbar-wrapper .link { flex: none; max-width: none; text-decoration: none; }
.swagger-ui .topbar-wrapper .link > * { display: none; }
.swagger-ui .topbar-wrapper .link::after { content: 'Nexus'; font: 700 1.5em sans-serif; color: #fff; }
.swagger-ui .topbar #login-as { min-width: 16em; margin-left: 2em; border: 0; }
.swagger-ui .topbar #login-state { margin-left: 1em; font: 14px sans-serif; color: #fff; }
.swagger-ui .topbar #login-state[data-state=refused] { color: #ff9c9c; }
/* one server, the one that serves this page */
.swagger-ui .servers-title, .swagger-ui .servers { display: none; }
.swagger-ui .opblock-tag { align-items: flex-start; }
.swagger-ui .opblock-tag > a, .swagger-ui .opblock-tag > span { flex: 0 0 9em; }
.swagger-ui .opblock-tag small { flex: 1; padding-top: 4px; }
.swagger-ui .opblock-tag small .renderedMarkdown > :first-child { margin-top: 0; }
.swagger-ui .opblock-tag[data-is-open=false] small .renderedMarkdown > :not(:first-child) { display: none; }
.swagger-ui .responses-table:not(.live-responses-table) .response[data-code^='4'] ~ .response .response-col_description > :not(.response-col_description__inner) { display: none; }
.swagger-ui .responses-table:not(.live-responses-table) .response[data-code^='4'] ~ .response .response-controls { display: none; }
`;

/** Serves the UI and the document, which is made for the first who asks; `logins` (the demo only) adds a "Login as…" choice that authorises the page. */
export function serveSwagger(
  app: INestApplication,
  makeDocument: () => OpenAPIObject,
  logins: readonly DemoLogin[],
  password: string | undefined,
): void {
  let made: OpenAPIObject | undefined;
  const document = (): OpenAPIObject => (made ??= makeDocument());
  SwaggerModule.setup(PATH, app, document, {
    useGlobalPrefix: false,
    jsonDocumentUrl: `${PATH}-json`,
    yamlDocumentUrl: `${PATH}-yaml`,
    customSiteTitle: 'Nexus API',
    customCss: STYLE,
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
  SwaggerModule.setup('api/v1/openapi', app, document, {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: 'api/v1/openapi.json',
  });
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
    select.setAttribute('aria-label', 'Login as');
    const state = document.createElement('output');
    state.id = 'login-state';
    const tell = (outcome, text) => {
      state.dataset.state = outcome;
      state.textContent = text;
      select.value = ''; // so that the same one can be chosen again once the token is too old
    };
    select.append(new Option('Login as…', ''));
    for (const { label, email } of logins) select.append(new Option(label, email));
    select.addEventListener('change', async () => {
      const email = select.value;
      try {
        const answer = await fetch('/api/v1/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }) });
        const body = await answer.json();
        if (!answer.ok) return tell('refused', body.detail);
        window.ui.preauthorizeApiKey('bearer', body.accessToken);
        window.ui.authActions.persistAuthorizationIfNeeded();
        tell('authorised', 'Authorised as ' + email);
      } catch {
        tell('refused', 'The API does not answer');
      }
    });
    bar.append(select, state);
  };
  place();
});`;
