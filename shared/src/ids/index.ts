export { channelTokenSchema, corpTagIdSchema, externalUserIdSchema, idSchema, instantSchema } from './schemas.ts'
