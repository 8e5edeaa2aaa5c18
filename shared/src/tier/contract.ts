import * as v from 'valibot'

/** The wire form of `TierProgress`. */
export const tierProgressSchema = v.object({
  code: v.picklist(['normal', 'silver', 'gold']),
  name: v.string(),
  growthValue: v.pipe(v.number(), v.integer()),
  /** Local day of the next review, `YYYY-MM-DD`; null for a tier kept for ever and during grace. */
  reviewOn: v.nullable(v.string()),
  /** First local day without the tier unless growth is made up for; null outside grace. */
  graceUntil: v.nullable(v.string()),
  benefits: v.array(v.string()),
  next: v.nullable(
    v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), minGrowth: v.number(), growthNeeded: v.number() }),
  ),
  percent: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
})
