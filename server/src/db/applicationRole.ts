import { connectOnce } from './connectOnce.ts'

/**
 * The role daily work can take on this database, or null when it is not there or may not be taken: then the triggers are all that keeps
 * the audit append-only (ADR 0019). Asked once, after the migrations.
 */
export async function applicationRole(url: string, wanted: string | null): Promise<string | null> {
  if (wanted === null) return null
  const client = await connectOnce(url)
  try {
    const { rows } = await client.query<{ can: boolean }>(
      `select coalesce((select pg_has_role(current_user, oid, 'member') and has_table_privilege(oid, 'audit_entry', 'insert') from pg_roles where rolname = $1), false) as can`,
      [wanted],
    )
    return rows[0]?.can === true ? wanted : null
  } finally {
    await client.end()
  }
}
