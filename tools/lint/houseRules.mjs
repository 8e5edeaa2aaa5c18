/** ESLint rules of this house that no published plugin has. */
import { basename, relative, sep } from 'node:path'

const EMPTY_NAMES = /^(util|helper|manager|common|misc)s?$/i

/** @type {import('eslint').Rule.RuleModule} */
const noEmptyName = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { path: '"{{name}}" says nothing about what is inside: name the file or folder after what it does.' },
  },
  create(context) {
    return {
      Program(node) {
        const parts = relative(context.cwd, context.filename).split(sep)
        const names = parts.flatMap((part) => basename(part).split('.')[0]?.split(/[-_]|(?=[A-Z])/) ?? [])
        const name = names.find((part) => EMPTY_NAMES.test(part))
        if (name) context.report({ node, messageId: 'path', data: { name } })
      },
    }
  },
}

/** @type {import('eslint').Rule.RuleModule} */
const suppressionHasReason = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { reason: 'A suppression carries its reason: write it after " -- ".' },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const isSuppression = /^\s*(eslint-disable|@ts-expect-error|@ts-nocheck)/.test(comment.value)
          if (isSuppression && !/ -- \S/.test(comment.value) && comment.loc) context.report({ loc: comment.loc, messageId: 'reason' })
        }
      },
    }
  },
}

/** @type {import('eslint').ESLint.Plugin} */
export default { rules: { 'no-empty-name': noEmptyName, 'suppression-has-reason': suppressionHasReason } }
