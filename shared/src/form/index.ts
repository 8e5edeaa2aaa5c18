export { formAt, forms, type RegistrationForm } from './forms.ts'
