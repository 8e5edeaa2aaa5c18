import { ElMessageBox } from 'element-plus'

interface Question {
  readonly title: string
  /** What will happen, in whole sentences. */
  readonly detail: string
  /** The word on the button that does it. */
  readonly action: string
  readonly isDangerous?: boolean
}

/** Asks before something that matters happens. False when the operator thinks better of it. */
export async function confirmed({ title, detail, action, isDangerous = false }: Question): Promise<boolean> {
  try {
    await ElMessageBox.confirm(detail, title, {
      confirmButtonText: action,
      cancelButtonText: '取消',
      confirmButtonType: isDangerous ? 'danger' : 'primary',
      autofocus: !isDangerous,
      closeOnClickModal: false,
    })
    return true
  } catch {
    return false
  }
}
