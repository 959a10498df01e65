/** An order as the API gives it. */
export interface Order {
  readonly id: string
  readonly item: string
  readonly quantity: number
  readonly state: string
}

/** What the API said, or with which status it refused; `null` when it could not be reached. */
export type OrdersAnswer = { readonly orders: readonly Order[] } | { readonly status: number | null }

/** Calls the API with the access token in the Authorization header (RFC 6750 §2.1). */
export async function fetchOrders(api: string, accessToken: string): Promise<OrdersAnswer> {
  try {
    const answer = await fetch(`${api}/orders`, {
      headers: { authorization: `Bearer ${accessToken}` },
      signal: AbortSignal.timeout(5000),
    })
    if (!answer.ok) return { status: answer.status }
    const body: unknown = await answer.json()
    return { orders: ordersIn(body) }
  } catch {
    return { status: null }
  }
}

function ordersIn(body: unknown): readonly Order[] {
  if (typeof body !== 'object' || body === null || !('orders' in body) || !Array.isArray(body.orders))
    return []
  return body.orders.filter(isOrder)
}

function isOrder(value: unknown): value is Order {
  if (typeof value !== 'object' || value === null) return false
  return 'id' in value && 'item' in value && 'quantity' in value && 'state' in value
}
