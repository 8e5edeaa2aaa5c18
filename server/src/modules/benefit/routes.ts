import { getContactBenefits as getContactBenefitsContract, getOwnBenefits as getOwnBenefitsContract, redeemCoupon as redeemCouponContract } from '@qihui/shared/benefit'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { requireScope } from '../api-key/policy.ts'
import { redeemCoupon } from './commands.ts'
import { getContactBenefits, getOwnBenefits } from './queries.ts'

export function benefitRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env'>): Route[] {
  return [
    route(getOwnBenefitsContract, ({ actor }) => getOwnBenefits(services, actor)),
    route(getContactBenefitsContract, ({ actor, params }) => getContactBenefits(services, actor, params.externalUserId)),
    route(redeemCouponContract, ({ actor, body }) => {
      requireScope(actor, 'coupons:redeem')
      return redeemCoupon(services, actor, body)
    }),
  ]
}
