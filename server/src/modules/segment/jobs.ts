import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

const payload = v.object({ segmentId: v.pipe(v.string(), v.uuid()) })
const keyOf = ({ segmentId }: { readonly segmentId: string }): string => segmentId

/** Evaluates one segment and asks for a sync of each pair whose tag is not what it should be (R55). */
export const refreshSegment = defineJob({ name: 'refreshSegment', payload, keyOf, retryLimit: 8, deadlineSeconds: 300, concurrency: 2 })

/** Deletes the tag of a segment in WeCom, and then the segment. */
export const removeSegment = defineJob({ name: 'removeSegment', payload, keyOf, retryLimit: 8, concurrency: 2 })

/** Every night: evaluates all active segments, after the night's decisions about tiers. */
export const refreshSegments = defineJob({ name: 'refreshSegments', payload: v.object({}), keyOf: () => 'all', concurrency: 1 })
