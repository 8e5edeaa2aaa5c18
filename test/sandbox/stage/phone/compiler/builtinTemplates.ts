/**
 * Templates of the built-in components. `dom-x` becomes the plain element `x`; every other tag becomes a `wx-` element
 * (see `createBackend`). Their behaviour is in `runtime/builtins`.
 */
export const builtinTemplates: Readonly<Record<string, string>> = {
  view: '<slot></slot>',
  text: '<slot></slot>',
  label: '<slot></slot>',
  form: '<slot></slot>',
  navigator: '<slot></slot>',
  picker: '<slot></slot>',
  button: '<slot></slot>',
  'scroll-view': '<slot></slot>',
  swiper: '<slot></slot>',
  'swiper-item': '<slot></slot>',
  'root-portal': '<slot></slot>',
  image: '<dom-img src="{{resolvedSrc}}" alt="{{alt}}" style="object-fit: {{fit}}"></dom-img>',
  input: '<dom-input type="{{domType}}" placeholder="{{placeholder}}" aria-label="{{ariaLabel}}" maxlength="{{domMaxlength}}"></dom-input>',
  textarea: '<dom-textarea placeholder="{{placeholder}}" aria-label="{{ariaLabel}}" maxlength="{{domMaxlength}}"></dom-textarea>',
  'rich-text': '<dom-div class="rich-text"></dom-div>',
}
