/** Body and headers of a form, as a browser sends them; pairs where a field comes twice or the order matters. */
export async function formOf(
  fields: Record<string, string | File> | readonly (readonly [string, string | File])[],
  headers: Record<string, string> = {},
): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const form = new FormData();
  for (const [name, value] of Array.isArray(fields) ? fields : Object.entries(fields)) form.append(name, value);
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? '';
  return { body: Buffer.from(await encoded.arrayBuffer()), headers: { 'content-type': type, ...headers } };
}
