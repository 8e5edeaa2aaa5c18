export { channelSchema, createChannel, createInvitation, listChannels, recordInvitationSent, utmSchema, type Channel } from './contract.ts'
