import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'
import { RateLimiterMemory } from 'rate-limiter-flexible'

/**
 * Flood protection per address and process. Generous on purpose: a shop or a carrier puts hundreds of people behind one address,
 * and nobody is refused for that alone; finer rules look at more than the address (domain rules g).
 */
export function limitRate(requestsPerMinute: number): Koa.Middleware {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 })
  return (ctx, next) =>
    limiter.consume(ctx.ip).then(
      () => next(),
      (refused: unknown) => {
        const waitMs = refused instanceof Error ? 1000 : (refused as { msBeforeNext: number }).msBeforeNext
        ctx.set('retry-after', String(Math.ceil(waitMs / 1000)))
        throw new AppError('request.rateLimited')
      },
    )
}
