/** What is known when a customer has just added a rep. */
export interface WelcomeFacts {
  readonly brandName: string
  /** Null when the rep's name is not known yet. */
  readonly staffName: string | null
  /** The member's tier, or null for somebody who has not registered. */
  readonly tierName: string | null
  /** An address that opens the registration, or null while the vendor could not make one. */
  readonly inviteUrl: string | null
  /** What the channel wants said instead of the usual sentence, or null. */
  readonly channelText: string | null
}

/** The first message a customer reads: a text, and a link card when there is somewhere to go. */
export interface Welcome {
  readonly text: string
  readonly link: { readonly title: string; readonly description: string; readonly url: string } | null
}
