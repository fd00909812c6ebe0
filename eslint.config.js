import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SPECS = ['**/*.spec.ts', '**/*.e2e-spec.ts', 'test/**'];
const TEST_CODE = [...SPECS, '**/testing.ts', '**/testing/**', '**/corpus/**'];
const MIGRATIONS = ['libs/*/migrations/**'];
const QUERY_BUILDER = '/^((and|or)?(where|having)|(left|inner)join(andselect)?|(add)?(select|orderby|groupby))$/i';

/**
 * What this codebase does not do, each with the place that may. Every row becomes a rule `nexus/<name>` of its own, so
 * that an exception (`eslint-disable-next-line nexus/<name> -- reason`) opens one door and not all of them.
 */
const BANS = {
  'no-built-sql': {
    selector: [
      `CallExpression[callee.property.name=${QUERY_BUILDER}] > TemplateLiteral[expressions.length>0].arguments`,
      `CallExpression[callee.property.name=${QUERY_BUILDER}] > BinaryExpression[operator="+"].arguments`,
    ],
    message: 'SQL text is constant: hand values over as parameters (:name), take columns from a list of our own.',
  },
  'no-forward-ref': {
    selector: 'ImportSpecifier[imported.name="forwardRef"]',
    message: 'A cycle means that an event is missing or that two contexts are one.',
  },
  'no-synchronize': {
    selector: 'Property[key.name="synchronize"]:not([value.value=false])',
    message: 'The schema changes by migrations only.',
  },
  'no-queue-outside-platform': {
    selector: [
      'ImportDeclaration[source.value=/^(bull|@nestjs.bull)$/]',
      'ImportExpression[source.value=/^(bull|@nestjs.bull)$/]',
    ],
    except: ['libs/platform/**'],
    message:
      'Queues sit behind libs/platform: declare with defineJob, run with jobs.enqueue (a row of the transaction).',
  },
  'time-comes-in': {
    selector: [
      'NewExpression[callee.name="Date"][arguments.length=0]',
      'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
      'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    ],
    files: ['libs/**/*.{entity,policy}.ts'],
    message: 'Time and randomness come in as arguments.',
  },
  'no-env-outside-config': {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    // Failpoints break a process also before it has read its settings.
    except: ['libs/platform/src/{config/**,lifecycle/failpoint.ts}', 'apps/local/**', '*.config.{js,ts}', ...TEST_CODE],
    message: 'Settings come from Config, which checks and documents them.',
  },
  'no-http-in-domain': {
    selector:
      'ImportDeclaration[source.value=/^@nestjs.(common|websockets|microservices)$/] > ImportSpecifier[imported.name=/Exception$/]',
    files: ['libs/**/*.ts'],
    except: ['libs/platform/**', ...SPECS],
    message: 'Throw a named refusal (DomainError); one filter in the platform maps its kind to a status.',
  },
  'no-global-fetch': {
    selector: [
      'CallExpression[callee.type="Identifier"][callee.name="fetch"]',
      'MemberExpression[object.name=/^(globalThis|global)$/][property.name="fetch"]',
    ],
    except: ['apps/local/**', 'clients/**', ...TEST_CODE],
    message: 'Calls to the outside go through the guarded client: addresses checked, time and size bounded.',
  },
  'no-test-left-out': {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|fails)$/]',
    files: SPECS,
    message: 'Every test runs: finish it or remove it.',
  },
  'sentences-without-should': {
    selector: [
      'CallExpression[callee.name=/^(it|test)$/] > Literal.arguments[value=/\\bshould\\b/i]',
      'CallExpression[callee.callee.object.name=/^(it|test)$/] > Literal.arguments[value=/\\bshould\\b/i]',
    ],
    files: SPECS,
    message: 'Say what it does: it("cannot be confirmed once cancelled").',
  },
  'five-dependencies': {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    files: ['libs/**/*.service.ts'],
    message: 'A service over five dependencies is split by capability.',
  },
};

const nexus = {
  rules: Object.fromEntries(
    Object.entries(BANS).map(([name, { selector, message }]) => [
      name,
      {
        meta: { type: 'problem', schema: [], messages: { banned: message } },
        create: (context) => ({
          [[selector].flat().join(', ')]: (node) => context.report({ node, messageId: 'banned' }),
        }),
      },
    ]),
  ),
};

const bans = Object.entries(BANS).map(([name, { files = ['**/*.{ts,js,mjs,cjs}'], except = [] }]) => ({
  name: `nexus/${name}`,
  files,
  ignores: except,
  plugins: { nexus },
  rules: { [`nexus/${name}`]: 'error' },
}));

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.nexus/', 'logs/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    name: 'everywhere',
    files: ['**/*.{ts,js,mjs,cjs}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-async-promise-executor': 'error',
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
      'no-empty': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'no-var': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    name: 'types',
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      // A `default` is an answer for the rest, given on purpose; none at all is a case forgotten.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Ports are asynchronous because one of their adapters is; the other need not pretend to wait.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    name: 'size',
    files: ['{apps,libs,clients}/**/*.{ts,mjs}'],
    ignores: [...SPECS, ...MIGRATIONS, '**/corpus/**'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true }],
    },
  },
  { name: 'libraries', files: ['libs/**/*.ts'], rules: { 'no-console': 'error' } },
  {
    name: 'specs',
    files: [...SPECS, 'libs/platform/src/testing/**'],
    rules: {
      // A body read back over HTTP is what the test asserts on: its type is the assertion.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  bans,
  // Last, so that no rule that needs types is left on for files that have none.
  { name: 'plain JavaScript', files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
