// Who may import whom (docs/ARCHITECTURE.md). Type imports count: knowing a type is knowing its file.
// Every rule has a planted violation in test/architecture/planted/<rule name>, which it must catch.

// Words that every capability speaks; they know no capability themselves.
const sharedWords = '^src/domain/(identifiers/|[^/]+\\.ts$)';
const facts = '^src/domain/(facts|decider)\\.ts$|^src/domain/[^/]+/[^/]+\\.events\\.ts$';
const compositionRoot = '^src/((main|app\\.module|demo)\\.ts$|process/)';

// Computes and touches nothing: digests and name-based ids.
const pure = '^(node:)?crypto$|node_modules/uuid/';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or both need a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that leads nowhere would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'domain-imports-nothing',
      comment: 'Rules are pure: no package, no node:, no other layer. What they need comes in the command.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'shared-words-know-no-capability',
      comment: 'Money, dates and identifiers stand below the capabilities. Only the two lists of everything '
        + 'there is, facts.ts and refusals.ts, name them all.',
      severity: 'error',
      from: { path: sharedWords, pathNot: '^src/domain/(facts|refusals)\\.ts$' },
      to: { path: '^src/domain/', pathNot: sharedWords },
    },
    {
      name: 'capabilities-meet-in-a-handler',
      comment: 'No decider knows another. They meet in a handler (as data of a command) or a projection.',
      severity: 'error',
      from: { path: '^src/domain/(?!identifiers/)([^/]+)/' },
      to: { path: '^src/domain/[^/]+/', pathNot: ['^src/domain/$1/', '^src/domain/identifiers/', facts] },
    },
    {
      name: 'application-knows-no-adapter',
      comment: 'A use case knows rules and ports. Adapters are plugged in by the composition root.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: {
        pathNot: ['^src/(application|domain)/', 'node_modules/@nestjs/(common|cqrs)/', pure],
      },
    },
    {
      name: 'projections-know-fact-types-only',
      comment: 'A table is a function of facts: it knows what a fact says, never the rule that allowed it.',
      severity: 'error',
      from: { path: '^src/projections/' },
      to: {
        pathNot: [
          '^src/projections/', facts, sharedWords, '^src/application/(event-log|personal-keys)\\.ts$',
          'node_modules/@nestjs/(common|cqrs)/', 'node_modules/(@types/)?pg/', pure,
        ],
      },
    },
    {
      name: 'views-know-only-tables-of-others',
      comment: 'A query may join the table of another view, hence know its row; never its queries.',
      severity: 'error',
      from: { path: '^src/projections/([^/]+)/' },
      to: { path: '^src/projections/[^/]+/', pathNot: ['^src/projections/$1/', '\\.projection\\.ts$'] },
    },
    {
      name: 'infrastructure-is-plugged-in',
      comment: 'Only the composition root and the command line know adapters.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/infrastructure/', '^src/commands/', compositionRoot] },
      to: { path: '^src/infrastructure/' },
    },
    {
      name: 'nobody-imports-the-composition-root',
      comment: 'It knows everything; whoever imports it does too.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/commands/', compositionRoot] },
      to: { path: [compositionRoot, '^src/commands/'] },
    },
    {
      name: 'http-knows-no-store',
      comment: 'A controller asks through the buses; it never reads a table or the log itself.',
      severity: 'error',
      from: { path: '^src/infrastructure/http/' },
      to: { path: '^src/infrastructure/(event-store|postgres|keys|migrations)/' },
    },
    {
      name: 'production-needs-no-development-package',
      comment: 'What runs is installed with `npm ci --omit=dev`.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        // Fastify itself comes with @nestjs/platform-fastify, which pins it; we name only its types.
        pathNot: 'node_modules/(@types|fastify)/',
      },
    },
    {
      name: 'other-packages-stay-apart',
      comment: 'Card agent and portal are packages of their own: they share nothing with the service.',
      severity: 'error',
      from: { path: '^(card-agent|portal)/' },
      to: { path: '^src/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // Named, so that no other parser that happens to be installed is taken: the TypeScript one of this
    // version does not know our TypeScript. It sees every import but `import('…').Type`: the linter bans
    // that.
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
