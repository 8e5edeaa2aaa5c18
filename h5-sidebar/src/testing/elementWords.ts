/**
 * An element as a string is its kind, `[object HTMLDivElement]`, as in every browser. The tests' document writes out all the element holds
 * instead, and Popper, under every dropdown and hint of the console, asks each element it passes for its string: more than half of the
 * time of such a screen. Elements with words of their own, links with their address, keep them. Tests without a document have no elements.
 */
if ('Element' in globalThis) {
  Element.prototype.toString = function (this: Element) {
    return `[object ${this.constructor.name}]`
  }
}
