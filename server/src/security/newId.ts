import { uuidv7 } from 'uuidv7'

/** A UUID of version 7: ordered by time, made by the application so that one statement can write rows that refer to each other. */
export const newId: () => string = uuidv7
