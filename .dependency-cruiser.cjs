// The architecture: core <- ports <- pipeline <- main <- cli; adapters see core and ports, never each other; agent and tools
// never see each other, both see core.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: '^(agent|cli|tools|central|test)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    only('core-is-pure', '^agent/core/', '^agent/core/', 'core knows nothing but itself'),
    {
      name: 'core-does-no-io',
      severity: 'error',
      comment: 'core may read the wasm that lies beside it and hash bytes; nothing else of Node',
      from: { path: '^agent/core/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(fs|crypto)$' },
    },
    only('ports-see-core', '^agent/ports/', '^agent/(core|ports)/', 'a port speaks of the domain only'),
    only('pipeline-sees-ports', '^agent/pipeline/', '^agent/(core|ports|pipeline)/', 'the pipeline knows no adapter'),
    only('config-sees-core', '^agent/config/', '^agent/(core|config)/', 'configuration knows no adapter'),
    {
      name: 'adapters-are-strangers',
      severity: 'error',
      comment: 'an adapter sees core, ports and its own folder',
      from: { path: '^agent/adapters/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(agent|cli|tools|central|test)/', pathNot: '^agent/(core|ports|adapters/$1)/' },
    },
    {
      name: 'recipes-see-config-and-classifier',
      severity: 'error',
      comment: 'installing a recipe runs its model as a station does',
      from: { path: '^agent/recipes/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(agent|cli|tools|central|test)/', pathNot: '^agent/(core|ports|config|recipes|adapters/(classifier|clock))/' },
    },
    only('agent-does-not-see-cli-or-tools', '^agent/', '^agent/', 'the agent runs without the command line and the tools'),
    only('tools-see-core', '^tools/', '^(tools/|agent/core/)', 'tools share core with the agent, no more'),
    only('central-sees-core', '^central/', '^(central/|agent/core/)', 'central servers share the protocol with the agent, no more'),
    {
      name: 'product-does-not-see-tests',
      severity: 'error',
      from: { path: '^(agent|cli|tools|central)/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^test/|/testing/|\\.test\\.ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|/testing/|^test/|^tools/build/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
