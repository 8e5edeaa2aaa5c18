import type { AnswerValue, Condition } from './types.ts'

/** Conditions nested deeper than this cannot be published; the evaluator answers false instead of going on. */
export const conditionDepthLimit = 5

/** Not `Object.hasOwn`: the mini-program also runs on engines older than it. */
function answerOf(answers: Readonly<Record<string, AnswerValue>>, field: string): AnswerValue | undefined {
  return Object.prototype.hasOwnProperty.call(answers, field) ? answers[field] : undefined
}

function holds(condition: Condition, answers: Readonly<Record<string, AnswerValue>>, depth: number): boolean {
  if (depth > conditionDepthLimit) return false
  switch (condition.kind) {
    case 'answered':
      return answerOf(answers, condition.field) !== undefined
    case 'equals':
      return answerOf(answers, condition.field) === condition.value
    case 'oneOf': {
      const answer = answerOf(answers, condition.field)
      return answer !== undefined && condition.values.includes(answer)
    }
    case 'atLeast': {
      const answer = answerOf(answers, condition.field)
      return typeof answer === 'number' && answer >= condition.value
    }
    case 'all':
      return condition.of.every((part) => holds(part, answers, depth + 1))
    case 'any':
      return condition.of.some((part) => holds(part, answers, depth + 1))
    case 'not':
      return !holds(condition.of, answers, depth + 1)
  }
}

/**
 * Whether a field with this condition is asked, given what has been answered so far (domain rules j 3). Total: no loops, no calls,
 * bounded depth. A condition on an unknown or unanswered field is false, and `not` of it is true.
 * @param answers coerced answers of the fields in front of it
 */
export function isVisible(condition: Condition | undefined, answers: Readonly<Record<string, AnswerValue>>): boolean {
  return condition === undefined || holds(condition, answers, 1)
}
