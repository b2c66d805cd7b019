import js from '@eslint/js'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['node_modules/', '.cache/', 'data/', 'coverage/'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-control-regex': 'off',
      'no-eval': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['test/**', 'bench/**', 'examples/**'], rules: { 'max-lines': 'off' } },
  { files: ['**/*.js'], extends: [ts.configs.disableTypeChecked] },
)
