export { defineContract, type Audience, type BodyOf, type Contract, type QueryOf, type ResponseOf } from './contract.ts'
