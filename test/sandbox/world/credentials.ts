import credentials from '../credentials.json' with { type: 'json' }

/** The ids and secrets of the sandbox's corp, app, mini-program and official account. They open nothing outside the sandbox. */
export { credentials }
