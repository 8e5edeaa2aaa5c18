import { mergeInternalComponents } from '@tarojs/shared'
import components from './ariaAttributes.js'

// Must match what the build wrote into base.wxml: both sides number the attributes of a component in list order.
mergeInternalComponents(components)
