export { deliverySchema, listDeliveries, type Delivery } from './contract.ts'
