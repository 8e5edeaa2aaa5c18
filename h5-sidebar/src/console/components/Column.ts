/** One column of a table. Without a width it takes what its cells need. */
export interface Column<Key extends string = string> {
  readonly key: Key
  readonly label: string
  /** CSS width. */
  readonly width?: string
  readonly isNumber?: boolean
}
