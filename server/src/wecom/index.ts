export type {
  ContactOfStaff,
  ContactWay,
  CorpTagGroup,
  ExternalContact,
  ExternalContactDetail,
  FollowUser,
  JsapiTicket,
  LibraryOutcome,
  MarkOutcome,
  OauthIdentity,
  StaffProfile,
  TagMark,
  Wecom,
  WelcomeMessage,
  WelcomeOutcome,
} from './wecom.ts'
export { createWecom } from './createWecom.ts'
export { CallbackRefusal, openCallback, openEcho, type CallbackEvent, type CallbackKeys, type CallbackQuery } from './openCallback.ts'
