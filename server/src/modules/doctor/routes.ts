import { runDoctor } from '@qihui/shared/doctor'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { examine } from './examine.ts'

export function doctorRoutes(services: Pick<Services, 'env' | 'db' | 'now' | 'sightings' | 'wecom' | 'wechat' | 'mail' | 'sms'>): Route[] {
  return [route(runDoctor, () => examine(services))]
}
