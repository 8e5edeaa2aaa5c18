export {
  checkForm,
  conditionSchema,
  formDefinitionSchema,
  formFieldSchema,
  formVersionSchema,
  getDraft,
  listForms,
  publishForm,
  rawAnswersSchema,
  saveDraft,
  type FormDefinition,
  type FormField,
  type FormVersion,
  type PublishProblem,
} from './contract.ts'
export { defaultFormKey, firstForm, formOverlapMs } from './forms.ts'
export { acceptedVersions, versionInForce } from './acceptedVersions.ts'
export { asTyped } from './asTyped.ts'
export { coerceValue, type Coerced } from './coerceValue.ts'
export { formDiff, type FormDiff } from './formDiff.ts'
export { isVisible } from './isVisible.ts'
export { publishProblems } from './publishProblems.ts'
export { orderedFields, readAnswers, unconfirmedKeys, type AnswerProblem, type EchoLine, type ReadAnswers } from './readAnswers.ts'
export type { Answers, AnswerValue, Condition, FormFieldType, Parsers, RawAnswers } from './types.ts'
