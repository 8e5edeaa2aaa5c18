export { errorCatalogue, type ErrorCode, type FieldProblem, type Problem } from './codes.ts'
export { AppError } from './AppError.ts'
