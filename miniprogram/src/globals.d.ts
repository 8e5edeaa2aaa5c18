/** Base address of the server, without a slash at the end; set at build time (`MP_API_BASE`). */
declare const __API_BASE__: string

declare module '*.scss'
