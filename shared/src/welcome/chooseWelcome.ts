import type { Welcome, WelcomeFacts } from './types.ts'

/** Most bytes of a welcome's text (platform 4.5). */
export const maxWelcomeTextBytes = 4000

function greetingOf({ brandName, staffName }: WelcomeFacts): string {
  return staffName === null ? `您好，欢迎来到${brandName}！` : `您好，我是${brandName}的${staffName}，很高兴为您服务！`
}

/** Chooses the welcome (R28): a member is welcomed back, everybody else is invited, in the words of their channel if it has any; nobody is told of a link that is not there. */
export function chooseWelcome(facts: WelcomeFacts): Welcome {
  const greeting = greetingOf(facts)
  if (facts.tierName !== null) return { text: `${greeting}\n欢迎回来，您是我们的${facts.tierName}，有任何需要随时告诉我。`, link: null }
  if (facts.inviteUrl === null) return { text: `${greeting}\n${facts.channelText ?? '加入会员可享专属价格与生日礼遇，回复「会员」我来帮您开通。'}`, link: null }
  return {
    text: `${greeting}\n${facts.channelText ?? '点击下方卡片，一键加入会员，专属价格与生日礼遇等您领取。'}`,
    link: { title: `加入${facts.brandName}会员`, description: '一键入会，无需填写，立享会员专属权益', url: facts.inviteUrl },
  }
}
