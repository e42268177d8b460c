import { basename } from 'node:path';
import tseslint from 'typescript-eslint';

// Every ban names what to write instead. test/architecture/lint.spec.ts plants a violation of each.

const nestCqrs = {
  name: '@nestjs/cqrs',
  importNames: [
    'EventBus', 'EventPublisher', 'AggregateRoot', 'EventsHandler', 'IEventHandler', 'IEvent', 'Saga',
    'ofType', 'UnhandledExceptionBus',
  ],
  message: 'It runs handlers concurrently, does not wait and swallows errors. Facts go through '
    + 'application/handle.ts; whoever reacts to them reads the log in order (EventLog.subscribe). '
    + 'From here only CommandBus and QueryBus.',
};
const imports = [
  nestCqrs,
  {
    name: '@nestjs/common', importNames: ['forwardRef'],
    message: 'A cycle is a design fault: let the two meet in a handler or move what they share below both.',
  },
];
const typeorm = {
  name: 'typeorm',
  message: 'TypeORM runs migrations only (src/infrastructure/migrations). Read and write through pg: '
    + 'SQL as text.',
};

const asyncListener = {
  selector: 'CallExpression[callee.property.name=/^(on|once|addListener|prependListener)$/]'
    + ' > :matches(ArrowFunctionExpression, FunctionExpression)[async=true].arguments',
  message: 'An emitter does not wait: items are reordered and a rejection is lost. '
    + 'Read with `for await`, in order.',
};
const floats = [
  {
    selector: 'CallExpression[callee.name="parseFloat"], '
      + 'MemberExpression[object.name="Number"][property.name="parseFloat"]',
    message: 'Amounts are whole 元 (domain/money.ts): parse digits, refuse fractions, never a float.',
  },
  {
    selector: 'CallExpression[callee.property.name="toFixed"]',
    message: 'toFixed makes money out of floats. Amounts are whole 元; ratios are for bench and logs only.',
  },
];
const revisions = {
  selector: [
    'AssignmentPattern[left.name="expectedRevision"]',
    'TSPropertySignature[optional=true][key.name="expectedRevision"]',
    'Property[key.name="expectedRevision"] > :matches(AssignmentPattern.value, Literal.value[value=/any/i], '
      + 'Identifier.value[name=/^(ANY|any|undefined)$/], MemberExpression.value[property.name=/^any$/i])',
    'LogicalExpression[left.name="expectedRevision"]',
    'LogicalExpression[left.property.name="expectedRevision"]',
  ].join(', '),
  message: 'The expected revision is never optional and never "any": pass the one at which the decision '
    + 'was made.',
};
const vagueNames = {
  selector: ':matches(ClassDeclaration, FunctionDeclaration, VariableDeclarator, TSTypeAliasDeclaration, '
    + 'TSInterfaceDeclaration) > Identifier.id'
    + '[name=/^(utils?|helpers?|manager|base)$|(Utils?|Helpers?|Manager)$|^Base[A-Z]|[a-z]Base$/]',
  message: 'utils, helpers, manager and base say nothing: name it after what it does, '
    + 'in the officers\' words.',
};
const everywhere = [asyncListener, ...floats, revisions, vagueNames];

const readTables = {
  selector: 'CallExpression[callee.property.name=/^(save|createQueryBuilder|getRepository)$/]',
  message: 'save() and the query builder are too slow for a projection and hide the SQL: '
    + 'unnest or COPY, as text.',
};
const domainOnly = [
  {
    selector: 'SwitchCase[test=null]',
    message: 'No default: a new fact or command must fail to compile until it is handled. List every case.',
  },
  {
    selector: 'Literal[raw=/^[0-9_]*\\.[0-9]|^[0-9_.]+[eE]-/]',
    message: 'The domain has no fractions: amounts are whole 元, dates are text.',
  },
  { selector: 'ThrowStatement', message: 'A rule never throws: answer refuse(code), a value.' },
  {
    selector: 'AwaitExpression, [async=true]',
    message: 'The domain is pure: what must be awaited comes inside the command.',
  },
];
const tests = [
  {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/]'
      + '[property.name=/^(only|skip|todo|failing)$/], '
      + 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'A test that does not run is no test: make it pass or remove it.',
  },
  {
    selector: 'MemberExpression[object.name="jest"]'
      + '[property.name=/^(mock|doMock|spyOn|setMock|unstable_mockModule)$/]',
    message: 'No mocks of our own code: use the in-memory event log, which passes the same contract suite.',
  },
];
const impure = [
  'Date', 'process', 'performance', 'crypto', 'Buffer', 'setTimeout', 'setInterval', 'fetch', 'globalThis',
];
const restricted = (...rules) => ({ 'no-restricted-syntax': ['error', ...rules.flat()] });

const fileName = {
  meta: { messages: {
    index: 'No index.ts: import the file that holds it, so that dependencies stay visible.',
    vague: '"{{word}}" says nothing: name the file after what it does, in the officers\' words.',
  } },
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename);
      if (/^index\.[cm]?[jt]s$/.test(name)) context.report({ node, messageId: 'index' });
      const word = /(?:^|[-_.])(utils?|helpers?|managers?|base)(?=[-_.])/i.exec(name)?.[1];
      if (word) context.report({ node, messageId: 'vague', data: { word } });
    },
  }),
};

export default tseslint.config(
  {
    ignores: [
      'node_modules/', 'dist/', 'var/', 'coverage/', 'bench/node_modules/', 'bench/results/',
      'test/architecture/planted/', 'card-agent/dist/',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { house: { rules: { 'file-name': fileName } } },
  },
  {
    files: ['**/*.{ts,mjs,cjs,js}'],
    extends: [tseslint.configs.recommended],
    rules: {
      'house/file-name': 'error',
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40 }],
      'max-len': ['error', { code: 110, ignoreUrls: true, ignoreRegExpLiterals: true }],
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'no-restricted-imports': ['error', { paths: imports }],
      ...restricted(everywhere),
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      'eqeqeq': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.test.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // `import('…').Type` is the one import that dependency-cruiser does not see: type imports count too.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  {
    files: ['card-agent/**/*.ts'],
    languageOptions: { parserOptions: { project: ['./card-agent/tsconfig.test.json'] } },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: [...imports, typeorm] }],
    },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 150 }],
      'no-restricted-globals': ['error',
        ...impure.map((name) => ({
          name, message: 'No clock, random or I/O in the domain: `at`, `by` and ids come inside the command.',
        }))],
      'no-restricted-properties': ['error', {
        object: 'Math', property: 'random', message: 'No random in the domain: ids come inside the command.',
      }],
      ...restricted(everywhere, domainOnly),
    },
  },
  {
    files: ['src/projections/**/*.ts', 'src/infrastructure/read-store/**/*.ts'],
    rules: restricted(everywhere, readTables),
  },
  {
    files: ['src/infrastructure/migrations/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: imports }] },
  },
  { files: ['src/commands/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.{ts,mjs}', 'bench/**/*.{ts,mjs}', 'card-agent/test/**/*.{ts,mjs}'],
    rules: { 'max-lines-per-function': 'off', ...restricted(everywhere, tests) },
  },
);
