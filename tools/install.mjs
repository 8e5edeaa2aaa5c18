/** Installs what the lockfile says where that has not happened yet; npm's scripts run it before the commands that need the packages. */
import { checkNode, installIfStale } from './workspace.mjs'

try {
  checkNode()
  // What the command after it prints may be read by a program.
  await installIfStale((line) => console.error(`▸ ${line}`))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
