import { defineConfig } from 'vite'
import { mobilePage } from './vite.config.ts'

/** The invite page, into the same folder. */
export default defineConfig(mobilePage('invite', false))
