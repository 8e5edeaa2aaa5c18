/**
 * The rules of docs/architecture.md that read one file at a time: 2, 11, 14 and the names. The others are in
 * `.dependency-cruiser.mjs` and `knip.json`. No rule needs types, so the whole tree takes seconds.
 */
import pluginVue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'
import house from './tools/lint/houseRules.mjs'

const TESTS = ['**/*.test.ts', '**/*.e2e.ts', 'server/src/testing/**']
const CODE = ['**/*.ts', '**/*.mts', '**/*.mjs', '**/*.js', '**/*.vue']
const PRODUCT = ['server/src/**/*.ts', 'h5-sidebar/src/**/*.{ts,vue}', 'miniprogram/src/**/*.{ts,vue}']

const readsEnvironment = [
  { selector: 'MemberExpression[object.name="process"][property.name="env"]', message: 'The environment is read in env.ts and nowhere else.' },
  {
    selector: 'MemberExpression[object.type="MetaProperty"][property.name="env"]',
    message: 'import.meta.env is read in env.ts and nowhere else.',
  },
]
const readsClock = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time comes into shared as `at`.' },
  { selector: 'CallExpression[callee.name="Date"]', message: 'Time comes into shared as `at`.' },
]

/** Clock, chance, network, environment, logging, DOM and Node: nothing of that in shared. */
const OUTSIDE_OF_SHARED = [
  ...['process', 'Buffer', 'global', 'require', '__dirname', '__filename', 'setImmediate'],
  ...['globalThis', 'console', 'performance', 'crypto', 'setTimeout', 'setInterval', 'queueMicrotask'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'wx'],
]

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.data/', 'test/output/', '**/coverage/', 'miniprogram/.swc/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  ...pluginVue.configs['flat/essential'],
  { files: ['**/*.vue'], languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } } },
  {
    files: CODE,
    plugins: { house },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'house/no-empty-name': 'error',
      'house/suppression-has-reason': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-ignore': true, 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/no-v-html': 'error',
      'vue/enforce-style-attribute': 'off',
    },
  },
  // Taro loads its plugins and Babel settings as CommonJS.
  { files: ['miniprogram/**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // A `describe` is a function as long as its cases.
  { files: ['**/*.test.ts', '**/*.e2e.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: PRODUCT, ignores: TESTS, rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', ...readsEnvironment] } },
  { files: ['**/env.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['shared/src/**/*.ts'],
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', ...OUTSIDE_OF_SHARED.map((name) => ({ name, message: `${name} belongs to the outside; shared only decides.` }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes into shared as `at`.' },
        { object: 'Math', property: 'random', message: 'Chance comes into shared as an argument.' },
      ],
      'no-restricted-syntax': ['error', ...readsEnvironment, ...readsClock],
    },
  },
)
