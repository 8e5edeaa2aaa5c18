/** The highest step of a ladder a growth value supports (R48-R50), lowest first. Values below zero count as the lowest. */
export function tierFor<Step extends { readonly minGrowth: number }>(growthValue: number, ladder: readonly [Step, ...Step[]]): Step {
  return ladder.reduce((held, step) => (growthValue >= step.minGrowth ? step : held))
}
