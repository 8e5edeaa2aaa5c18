import { formDefinitionSchema, type FormDefinition, type FormField, type PublishProblem } from '@qihui/shared/form'
import { computed, onUnmounted, ref, shallowReactive, shallowRef, watch } from 'vue'
import type { ConsoleApi, FormCheck } from '../../../api/consoleApi.ts'
import { failureFor, type Failure } from '../../failureFor.ts'
import { problemsOf } from '../../problemsOf.ts'
import { definitionOf, newField, type FieldRow } from './formDraft.ts'

/** Rest after the last change before the gate is asked, in milliseconds. */
const checkAfterMs = 400

interface Gate {
  /** Null until the definition as it is now has been checked. */
  result: FormCheck | null
  failure: Failure | null
  isChecking: boolean
}

/** Faults of form that the server would refuse before it looks at the content, said in the gate's way. */
async function shapeProblems(definition: FormDefinition): Promise<PublishProblem[]> {
  const problems = await problemsOf(formDefinitionSchema, definition)
  return Object.entries(problems).map(([path, message]) => {
    const index = /^fields\.(\d+)/.exec(path)?.[1]
    return { level: 'error', field: index === undefined ? null : (definition.fields[Number(index)]?.key ?? null), message }
  })
}

/** The live publish gate: asked again after every change, the answer to an older text is dropped. */
function useGate(formKey: string, definition: () => FormDefinition, check: ConsoleApi['checkForm']) {
  const gate: Gate = shallowReactive({ result: null, failure: null, isChecking: false })
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(): Promise<void> {
    const mine = ++turn
    gate.isChecking = true
    const asked = definition()
    try {
      const problems = await shapeProblems(asked)
      const diff = { added: [], removed: [], changed: [], addsSensitive: false }
      const result = problems.length > 0 ? { problems, diff } : await check(formKey, asked)
      if (mine === turn) Object.assign(gate, { result, failure: null })
    } catch (error) {
      if (mine === turn) gate.failure = failureFor(error)
    } finally {
      if (mine === turn) gate.isChecking = false
    }
  }

  function schedule(): void {
    turn += 1
    Object.assign(gate, { result: null, isChecking: true })
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), checkAfterMs)
  }

  onUnmounted(() => clearTimeout(timer))
  return { gate, ask, schedule }
}

/** What an editor of one form holds: its fields, which of them is open, and what the gate says. */
export function useFormEditor(formKey: string, check: ConsoleApi['checkForm']) {
  const rows = shallowRef<FieldRow[]>([])
  const selectedId = ref<number | null>(null)
  const saved = ref('')
  let nextId = 1
  const definition = computed(() => definitionOf(rows.value))
  const isDirty = computed(() => saved.value !== '' && JSON.stringify(definition.value) !== saved.value)
  const selected = computed(() => rows.value.find(({ rowId }) => rowId === selectedId.value) ?? null)
  const { gate, ask, schedule } = useGate(formKey, () => definition.value, check)
  watch(() => JSON.stringify(definition.value), schedule)

  function start(from: FormDefinition): void {
    rows.value = from.fields.map((field) => ({ rowId: nextId++, field }))
    selectedId.value = rows.value[0]?.rowId ?? null
    saved.value = JSON.stringify(definition.value)
  }

  function change(rowId: number, patch: Partial<FormField>): void {
    rows.value = rows.value.map((row) => (row.rowId === rowId ? { rowId, field: { ...row.field, ...patch } } : row))
  }

  function add(): void {
    const row = { rowId: nextId++, field: newField(rows.value) }
    rows.value = [...rows.value, row]
    selectedId.value = row.rowId
  }

  function remove(rowId: number): void {
    const index = rows.value.findIndex((row) => row.rowId === rowId)
    rows.value = rows.value.filter((row) => row.rowId !== rowId)
    if (selectedId.value === rowId) selectedId.value = (rows.value[index] ?? rows.value[index - 1])?.rowId ?? null
  }

  function move(rowId: number, by: -1 | 1): void {
    const from = rows.value.findIndex((row) => row.rowId === rowId)
    const moved = rows.value[from]
    if (!moved || !rows.value[from + by]) return
    const rest = rows.value.filter((row) => row.rowId !== rowId)
    rows.value = [...rest.slice(0, from + by), moved, ...rest.slice(from + by)]
  }

  /** What is on the screen is published now. */
  const settle = () => (saved.value = JSON.stringify(definition.value))

  return { rows, selectedId, selected, definition, isDirty, gate, recheck: ask, start, change, add, remove, move, settle }
}
