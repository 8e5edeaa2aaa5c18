import type { ComponentSpace, GeneralComponent, GeneralComponentDefinition } from 'glass-easel'

/** The part of a component instance that built-in components use. */
export type BuiltinInstance = GeneralComponent & { readonly data: Record<string, unknown> }

/** One built-in component; `properties` give the default, whose type is the property's type. */
export interface BuiltinSpec {
  readonly name: string
  readonly properties?: Readonly<Record<string, string | number | boolean | null>>
  /** Called when a property has a new value, and once for each property when the node enters the page. */
  readonly changed?: (self: BuiltinInstance, element: HTMLElement, property: string, value: unknown) => void
  readonly attached?: (self: BuiltinInstance, element: HTMLElement) => void
}

/** Attributes of every node that assistive technology reads. */
const ariaProperties = ['ariaLabel', 'ariaRole', 'ariaHidden', 'ariaLive', 'ariaChecked', 'ariaDisabled', 'ariaSelected', 'ariaExpanded', 'ariaModal', 'ariaCurrent'] as const

const commonProperties: Readonly<Record<string, string | number | boolean | null>> = {
  hidden: false,
  hoverClass: '',
  hoverStayTime: 70,
  ...Object.fromEntries(ariaProperties.map((property) => [property, null])),
}

function elementOf(self: GeneralComponent): HTMLElement | null {
  return self.getBackendElement() as unknown as HTMLElement | null
}

function typeFor(value: string | number | boolean | null): unknown {
  if (typeof value === 'string') return String
  if (typeof value === 'number') return Number
  return typeof value === 'boolean' ? Boolean : null
}

function reflectCommon(element: HTMLElement, property: string, value: unknown): void {
  if (property === 'hidden') element.toggleAttribute('hidden', value === true)
  if (!property.startsWith('aria')) return
  const attribute = property === 'ariaRole' ? 'role' : `aria-${property.slice('aria'.length).toLowerCase()}`
  if (value === null || value === undefined || value === '') element.removeAttribute(attribute)
  else element.setAttribute(attribute, String(value))
}

function showHover(self: BuiltinInstance, element: HTMLElement): void {
  element.addEventListener('pointerdown', () => {
    const name = self.data['hoverClass']
    if (typeof name !== 'string' || name === '' || name === 'none') return
    element.classList.add(...name.split(/\s+/))
    const clear = (): void => element.classList.remove(...name.split(/\s+/))
    window.addEventListener('pointerup', () => setTimeout(clear, Number(self.data['hoverStayTime'])), { once: true })
  })
}

/** Registers one built-in component in the space, with the attributes all of them share. */
export function defineBuiltin(space: ComponentSpace, spec: BuiltinSpec, template: unknown): GeneralComponentDefinition {
  const defaults = { ...commonProperties, ...spec.properties }
  const notify = (self: BuiltinInstance, property: string, value: unknown): void => {
    const element = elementOf(self)
    // Properties are set before the node is in the page; all of them are shown again when it is.
    if (element === null) return
    reflectCommon(element, property, value)
    spec.changed?.(self, element, property, value)
  }
  const properties = Object.fromEntries(
    Object.entries(defaults).map(([property, value]) => [property, {
      type: typeFor(value),
      value,
      observer(this: BuiltinInstance, next: unknown) { notify(this, property, next) },
    }]),
  )
  const lifetimes = {
    attached(this: BuiltinInstance) {
      const element = elementOf(this)
      if (element === null) return
      for (const property of Object.keys(defaults)) notify(this, property, this.data[property])
      showHover(this, element)
      spec.attached?.(this, element)
    },
  }
  type Definition = Parameters<ComponentSpace['defineComponent']>[0]
  return space.defineComponent({ is: `wx-${spec.name}`, options: { virtualHost: false }, template, properties, lifetimes } as unknown as Definition) as unknown as GeneralComponentDefinition
}
