/**
 * Accessibility attributes of the client (https://developers.weixin.qq.com/miniprogram/dev/component/#无障碍访问) for the
 * built-in components we use. Taro's own lists leave them out, and an attribute that is in no list never reaches the page.
 */
const attributes = { 'aria-role': "''", 'aria-label': "''", 'aria-checked': "''", 'aria-live': "''", 'aria-hidden': "''", 'aria-disabled': "''" }

module.exports = { View: { ...attributes }, Button: { ...attributes }, Image: { ...attributes }, Input: { ...attributes }, Picker: { ...attributes } }
