const path = require('node:path')
const components = require('./ariaAttributes.js')

/** Makes Taro pass the accessibility attributes through, at build time and at run time. */
module.exports = (ctx) => {
  ctx.registerMethod({
    name: 'onSetupClose',
    fn: (platform) => {
      platform.template.mergeComponents(ctx, components)
      platform.runtimePath = [platform.runtimePath, path.join(__dirname, 'ariaRuntime.js')].flat()
    },
  })
}
