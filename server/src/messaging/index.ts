export { createMailSender } from './createMailSender.ts'
export { createSmsSender } from './createSmsSender.ts'
export { MessageRefusedError, MessageUndeliveredError, type MailSender, type SmsSender } from './messaging.ts'
