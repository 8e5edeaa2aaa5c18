/**
 * Closes `<input>` within its own tag. The minifier of templates (`minifyXML`) knows it as an element of HTML that needs no end
 * tag and takes the end away, which the client's compiler refuses.
 */
module.exports = (ctx) => {
  ctx.registerMethod({
    name: 'onSetupClose',
    fn: ({ template }) => {
      const modify = template.modifyTemplateResult.bind(template)
      template.modifyTemplateResult = (templates, nodeName, ...rest) => {
        const modified = modify(templates, nodeName, ...rest)
        return nodeName === 'input' ? modified.replaceAll('></input>', ' />') : modified
      }
    },
  })
}
