export {
  bindingModeSchema,
  channelOpennessSchema,
  channelSchema,
  createChannel,
  createInvitation,
  createInviteUrlLink,
  getChannelFunnel,
  getInvite,
  getInviteJssdkSignature,
  getInviteVisitor,
  listChannels,
  recordInvitationSent,
  recordInviteVisit,
  revokeChannel,
  sendInvite,
  utmSchema,
  type Channel,
  type ChannelOpenness,
  type Invite,
  type InvitePlace,
} from './contract.ts'
export { openTagStyle } from './openTagStyle.ts'
export { opennessOf, type ChannelLimits } from './opennessOf.ts'
export { isPreview, placeOf } from './placeOf.ts'
