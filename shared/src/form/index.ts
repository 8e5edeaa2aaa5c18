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
export { formAt, forms, type RegistrationForm } from './formAt.ts'
export type { Answers, AnswerValue, Condition, FormFieldType } from './types.ts'
