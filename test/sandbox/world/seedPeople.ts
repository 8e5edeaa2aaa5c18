import { createRandom, stableId } from './random.ts'
import type { SandboxPerson } from '../types.ts'

/** As many as a few reps serve; a load test asks for more. */
const PEOPLE_COUNT = 300
const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹'
const GIVEN = [
  '雨桐', '子涵', '欣怡', '浩然', '梓萱', '宇轩', '思远', '佳怡', '明轩', '若曦',
  '文博', '诗涵', '俊杰', '雅婷', '晓彤', '建国', '秀英', '海燕', '志强', '美玲',
]
const NICKNAMES = [
  '阿宁', '晴天', '一叶知秋', '小鱼儿', '豆豆妈', '南风', '山间清泉', '大白',
  '橙子', '慢慢来', '老友记', '云朵朵', '青柠', '小满', '北岸', '木子',
]
const PHONE_PREFIXES = ['136', '137', '139', '150', '158', '177', '186', '199']
const OTHER_CORPS = ['云杉贸易有限公司', '海川物流有限公司', '青禾文化传播有限公司', '恒远建材有限公司']

/** Every 15th person is a WeCom user of another corp, every 11th of the rest has no unionid, every 13th no phone. */
const TYPE_TWO_EVERY = 15
const NO_UNION_ID_EVERY = 11
const NO_PHONE_EVERY = 13

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T
}

function seedPerson(seed: number, index: number, random: () => number): SandboxPerson {
  const personId = `p${String(index).padStart(3, '0')}`
  const isTypeTwo = index % TYPE_TWO_EVERY === 0
  const surname = SURNAMES[Math.floor(random() * SURNAMES.length)] as string
  const fullName = `${surname}${pick(GIVEN, random)}`
  const nickname = random() < 0.4 ? pick(NICKNAMES, random) : fullName
  const gender = pick([0, 1, 2, 2] as const, random)
  const phone = `${pick(PHONE_PREFIXES, random)}${String(10000000 + ((index * 7919) % 89999999))}`
  return {
    personId,
    name: isTypeTwo ? fullName : nickname,
    type: isTypeTwo ? 2 : 1,
    gender,
    phone: index % NO_PHONE_EVERY === 0 ? null : phone,
    unionId: isTypeTwo || index % NO_UNION_ID_EVERY === 0 ? null : `o${stableId(seed, 'unionId', personId, 27)}`,
    mpOpenId: `o${stableId(seed, 'mpOpenId', personId, 27)}`,
    externalUserId: `${isTypeTwo ? 'wo' : 'wm'}${stableId(seed, 'externalUserId', personId, 30)}`,
    corpName: isTypeTwo ? pick(OTHER_CORPS, random) : null,
    email: `${personId}@mail.example`,
  }
}

/** 300 people unless told otherwise; `p001` is always 小安: a WeChat user with unionid and phone. */
export function seedPeople(seed: number, count = PEOPLE_COUNT): SandboxPerson[] {
  const random = createRandom(seed)
  const people = Array.from({ length: count }, (_, index) => seedPerson(seed, index + 1, random))
  people[0] = { ...(people[0] as SandboxPerson), name: '小安', gender: 2, phone: '13800001111' }
  return people
}
