import * as v from 'valibot'

/** The wire form of `TierProgress`. */
export const tierProgressSchema = v.object({
  code: v.picklist(['normal', 'silver', 'gold']),
  name: v.string(),
  growthValue: v.pipe(v.number(), v.integer()),
  benefits: v.array(v.string()),
  next: v.nullable(
    v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), minGrowth: v.number(), growthNeeded: v.number() }),
  ),
  percent: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
})
