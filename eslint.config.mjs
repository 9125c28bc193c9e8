import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The layers of src, lowest first, as DESIGN.md draws them. A folder may import from its own layer and from lower ones. */
const LAYERS = [
  ['support'],
  ['trace'],
  ['protocol'],
  ['network'],
  ['producer'],
  ['simulation', 'broker'],
  ['charts', 'player'],
  ['lab'],
  ['course'],
  ['tools'],
];

/** Every pair that points up or sideways. */
const importDirection = LAYERS.flatMap((layer, level) =>
  layer.flatMap((folder) =>
    [...LAYERS.slice(level + 1).flat(), ...layer.filter((beside) => beside !== folder)].map((forbidden) => ({
      target: `./src/${folder}`,
      from: `./src/${forbidden}`,
      message: `src/${folder} is below or beside src/${forbidden}: data flows one way, as DESIGN.md draws it.`,
    })),
  ),
);

/** The accumulator never knows the sender; the sender pulls. */
const senderPulls = {
  target: './src/producer/internals/record-accumulator.ts',
  from: './src/producer/internals/sender.ts',
};

export default tseslint.config(
  { ignores: ['node_modules/', '.course/', 'reports/', 'book/', 'stubs/', '**/.ipynb_checkpoints/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.cjs', '.js', '.json'] })],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-unresolved': 'error',
      'import-x/no-restricted-paths': ['error', { zones: [...importDirection, senderPulls] }],
      'import-x/no-default-export': 'error',
      'max-lines': ['warn', { max: 320, skipBlankLines: true, skipComments: true }],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['kafkajs/src/*'],
              message: 'Only src/network/kafkajs-internals.ts knows the inside of kafkajs.',
            },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allow: ['Error'] },
      ],
    },
  },
  // A test file mirrors what it tests, and reads from top to bottom.
  { files: ['test/**/*.ts'], rules: { 'max-lines': 'off' } },
  { files: ['src/network/kafkajs-internals.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    // A stub has parameters and imports that only its solution uses.
    files: ['exercises/**/*.ts', 'test/wrong-answers/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-vars': 'off', '@typescript-eslint/require-await': 'off' },
  },
  {
    files: ['**/*.cjs', 'vendor/**/*.js'],
    languageOptions: { globals: globals.node, sourceType: 'commonjs' },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
);
