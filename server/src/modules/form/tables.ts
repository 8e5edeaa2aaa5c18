import type { Statement } from '../../db/pool.ts'

/** Every version's mark, oldest first. */
export const selectFormMarks: Statement = {
  name: 'form_version_marks',
  text: 'select version, form_key, published_at from form_version order by published_at, version',
}

/** $1 version. */
export const selectFormVersion: Statement = {
  name: 'form_version_select',
  text: 'select version, form_key, definition, published_at, published_by from form_version where version = $1',
}

/** Every form with all its versions, newest version first. */
export const selectForms: Statement = {
  name: 'form_list',
  text: `select f.form_key, f.name, v.version, v.definition, v.published_at, v.published_by
    from form f join form_version v using (form_key) order by f.created_at, f.form_key, v.published_at desc, v.version desc`,
}

/** $1 key, $2 name, $3 now. Answers a row only when the form is new; a twin waits here for the first to commit. */
export const insertForm: Statement = {
  name: 'form_insert',
  text: 'insert into form (form_key, name, created_at) values ($1, $2, $3) on conflict (form_key) do nothing returning 1',
}

/** $1 key, $2 new name or null. Locks the form: publishers of one form come one after the other. */
export const lockForm: Statement = {
  name: 'form_lock',
  text: 'update form set name = coalesce($2, name) where form_key = $1 returning 1',
}

/** $1 key. All versions of a form, newest first. */
export const selectVersionsOfForm: Statement = {
  name: 'form_version_of_form',
  text: 'select version, form_key, definition, published_at, published_by from form_version where form_key = $1 order by published_at desc, version desc',
}

/** $1 version, $2 key, $3 definition, $4 published at, $5 by. */
export const insertFormVersion: Statement = {
  name: 'form_version_insert',
  text: 'insert into form_version (version, form_key, definition, published_at, published_by) values ($1, $2, $3, $4, $5)',
}

/** $1 version, $2 key, $3 definition, $4 published at. What a new installation starts with; an existing one keeps what it has. */
export const seedFormVersion: Statement = {
  name: 'form_version_seed',
  text: `insert into form_version (version, form_key, definition, published_at) values ($1, $2, $3, $4) on conflict (version) do nothing`,
}

/** $1 field keys. What each was last called and is for, over all forms. */
export const selectFieldTexts: Statement = {
  name: 'form_field_texts',
  text: `select distinct on (field ->> 'key') field ->> 'key' as key, field ->> 'label' as label, field ->> 'purpose' as purpose, field ->> 'class' as class
    from form_version, jsonb_array_elements(definition -> 'fields') as field where field ->> 'key' = any($1) order by field ->> 'key', published_at desc`,
}
