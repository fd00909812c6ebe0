/**
 * The context map: who may call whom, and why. A context calls only downwards, through the other's front door
 * (libs/<x>/src/index.ts); everything else travels as an event. A row may name only rows above it, so that the order of
 * this table is the proof that it has no cycle.
 */
const MAP = {
  calendars: [], // business hours, holidays and deadline arithmetic: needs nobody
  catalog: [], // what is sold, at which price and tax
  messaging: [], // the one way out for e-mail and SMS; others hand it a message, it asks nobody
  auth: ['messaging'], // invitations, resets and login warnings are mails
  audit: ['auth'], // who acted
  records: ['auth', 'messaging'], // whose note; who is mentioned in one is told by mail
  transfers: ['auth', 'records'], // as whom long work is done, and whose job it is to remove bytes; what is imported and exported opts in by a port
  ai: ['auth'], // whose key and budget
  approvals: ['auth', 'calendars', 'messaging'], // who may decide, by when in business time, reminded by mail
  customers: ['auth', 'records'], // notes, files and custom fields hang on a customer
  segments: ['auth', 'customers'], // an audience is a set of customers
  mail: ['messaging'], // replies are threaded by the ids that messaging minted
  inquiries: ['auth', 'customers', 'mail', 'messaging', 'calendars', 'records'], // who asks, by which mail, until when, and who is told when it is late
  responses: ['auth', 'approvals', 'customers', 'inquiries', 'messaging'], // an answer: approved, then sent
  deals: ['auth', 'approvals', 'customers', 'catalog', 'records'], // discounts need approval, lines come from the catalog, fields are the tenant's own
  leads: ['auth', 'customers', 'inquiries', 'deals', 'mail', 'records'], // a lead becomes a customer with a deal; a mail begins one where inquiries leave it; what hangs on two moves to one
  work: ['auth', 'customers', 'records'], // projects and worklogs are for a customer; fields are the tenant's own
  payments: ['auth', 'approvals', 'customers', 'messaging'], // refunds are approved, links are sent
  promotions: ['auth', 'customers', 'catalog', 'segments'], // for whom, on what
  commerce: ['auth', 'approvals', 'customers', 'catalog', 'promotions', 'payments', 'deals'], // an order settles all of these
  loyalty: ['auth', 'customers', 'commerce', 'promotions'], // scores from orders, rewards as codes
  campaigns: ['auth', 'approvals', 'customers', 'segments', 'messaging'], // an approved message to an audience
  invoicing: ['auth', 'customers', 'catalog', 'payments', 'work', 'messaging', 'calendars'], // bills items and hours, duns
  bookings: ['auth', 'customers', 'catalog', 'payments', 'invoicing', 'messaging', 'calendars'], // a paid slot in opening hours
  employees: ['auth', 'approvals', 'records'], // a leave is approved, a contract is a file
  knowledge: ['auth', 'ai', 'records'], // embeddings of files
  workflows: ['auth', 'ai', 'approvals', 'knowledge', 'messaging', 'calendars'], // what a node of a graph can do
  compliance: ['auth'], // finds personal data through the PersonalData port, not by import
  search: ['auth'], // through the Searchable port
  analytics: ['auth'], // through the MetricSource port
  integrations: ['auth', 'messaging'], // notices leave by mail too
};

const SHARED = '(kernel|platform)';
const SPEC = '\\.(e2e-)?spec\\.ts$';
/** Code that only tests load: builders, the test database, sample mails. */
const TEST_SUPPORT = '(^test/|/testing\\.ts$|/testing/|/corpus/)';
const DOMAIN = '\\.(entity|errors|policy|events)\\.ts$';
const CONTEXT_EVENTS = `^libs/(?!${SHARED}/)([^/]+)/src/.*\\bevents\\.ts$`;

const known = new Set();
for (const [name, uses] of Object.entries(MAP)) {
  const unknown = uses.filter((other) => !known.has(other));
  if (unknown.length > 0)
    throw new Error(`The context map lets ${name} call ${unknown.join(', ')}, which is not above it.`);
  known.add(name);
}
const contexts = [...known].join('|');

const mapRules = Object.entries(MAP).map(([name, uses]) => ({
  name: `${name}-calls-${uses.join('-') || 'nobody'}`,
  comment: `The context map lets ${name} call ${uses.join(', ') || 'no other context'}. Publish or listen to an event instead.`,
  severity: 'error',
  from: { path: `^libs/${name}/`, pathNot: [SPEC, '/testing(/|\\.ts$)'] },
  to: {
    path: `^libs/(?!(${['kernel', 'platform', name, ...uses].join('|')})/)[^/]+/`,
    pathNot: '/src/(events|testing)\\.ts$',
  },
}));

const rules = {
  'imports-resolve': {
    comment: 'An import that nothing resolves is one that no other rule here can judge.',
    from: { path: '^(apps|libs|test)/' },
    to: { couldNotResolve: true },
  },
  'no-cycle': {
    comment: 'A cycle means that an event is missing or that two things are one.',
    from: { path: '^(apps|libs)/' },
    to: { circular: true },
  },
  'on-the-map': {
    comment: 'A new context is first written into the map above.',
    from: { path: `^libs/(?!(kernel|platform|${contexts})/)` },
    to: {},
  },
  'kernel-stands-alone': {
    comment: 'The kernel knows no framework, no platform and no context.',
    from: { path: '^libs/kernel/', pathNot: SPEC },
    to: { path: '^(apps/|test/|libs/(?!kernel/))|node_modules/(@nestjs|@fastify|fastify|typeorm|pg|bull|ioredis)/' },
  },
  'platform-knows-no-context': {
    comment: 'A general part never imports a special one: it declares a port and discovers who provides it.',
    // The tests' stack is the local runner's PostgreSQL and Redis, started once for both.
    from: { path: '^libs/platform/', pathNot: '^libs/platform/src/testing/stack\\.setup\\.ts$' },
    to: { path: `^(apps|test)/|^libs/(?!${SHARED}/)` },
  },
  'through-the-front-door': {
    comment:
      'Another library is its index.ts (its events.ts, and in tests its testing.ts or testing/servers.ts), never its entity, DTOs or queries.',
    from: { path: '^((?:libs|apps)/[^/]+|test)/' },
    to: { path: '^libs/[^/]+/(?!src/(index|events|testing|testing/servers)\\.ts$)', pathNot: '^$1/' },
  },
  'front-door-keeps-rows-inside': {
    comment: 'The front door never hands out an entity, a DTO or the queries.',
    from: { path: `^libs/(?!${SHARED}/)[^/]+/src/index\\.ts$` },
    to: { path: '\\.(entity|dto|queries)\\.ts$', dependencyTypes: ['export'] },
  },
  'events-are-a-leaf': {
    comment:
      'Any context may import the events of any other, which holds only while events import nothing but the kernel.',
    from: { path: CONTEXT_EVENTS },
    to: { pathNot: ['^libs/kernel/src/index\\.ts$', '^libs/$2/src/.*\\bevents\\.ts$'] },
  },
  'domain-is-plain': {
    comment: 'Entities, refusals, policies and events run without Nest and know nobody above them.',
    from: { path: DOMAIN, pathNot: '^libs/platform/' },
    to: { path: 'node_modules/@nestjs/|\\.(service|controller|gateway|queries|facade|worker|jobs|dto|module)\\.ts$' },
  },
  'services-know-no-wire': {
    comment: 'Use cases are called by controllers, jobs and listeners alike.',
    from: { path: '\\.(service|queries|facade)\\.ts$', pathNot: '^libs/platform/' },
    to: { path: '\\.(controller|gateway|worker|module)\\.ts$|node_modules/(fastify|@fastify|@nestjs/platform-)' },
  },
  'controllers-hold-no-data': {
    comment: 'A controller line routes, and nothing else.',
    from: { path: '\\.(controller|gateway)\\.ts$', pathNot: '^libs/platform/' },
    to: { path: 'node_modules/(typeorm|pg|ioredis)/|\\.worker\\.ts$' },
  },
  'apps-only-compose': {
    comment: 'The API and the worker compose modules; data and rules live in the libraries.',
    from: { path: '^apps/(api|worker)/', pathNot: SPEC },
    to: { path: '^apps/(?!$1/|contexts\\.ts$)|^test/|node_modules/(typeorm|pg|bull|ioredis|class-validator)/' },
  },
  'nobody-imports-an-app': {
    from: { path: '^libs/', pathNot: '^libs/platform/src/testing/stack\\.setup\\.ts$' },
    to: { path: '^apps/' },
  },
  'testing-stays-in-tests': {
    comment: 'Builders and sample mails are not part of the product.',
    from: { pathNot: [SPEC, TEST_SUPPORT, '^vitest\\.config\\.ts$'] },
    to: { path: `^(libs|apps)/.*(/testing\\.ts$|/testing/|/corpus/)|^test/|${SPEC}`, pathNot: 'node_modules' },
  },
  'no-spec-is-imported': {
    from: {},
    to: { path: SPEC },
  },
  'product-needs-no-dev-dependency': {
    comment: 'The image is installed without them.',
    from: { path: '^(libs|apps/(api|worker))/', pathNot: [SPEC, TEST_SUPPORT] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
  },
};

module.exports = {
  forbidden: [...Object.entries(rules).map(([name, rule]) => ({ name, severity: 'error', ...rule })), ...mapRules],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|clients)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
